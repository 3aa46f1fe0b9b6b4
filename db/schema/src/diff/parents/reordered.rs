//! Children whose parents have another order. PostgreSQL puts a parent that a table gets after the ones that it has: those
//! that are to come later are left and got again.

use super::{Parents, counterpart, parent_names};
use crate::diff::elements::{Element, Kind, catalog};
use crate::model::Column;

impl Parents<'_> {
    /// How many of the parents in `after` can stay: the first ones, if the table has them in this order.
    pub(super) fn staying(before: &[String], after: &[String]) -> usize {
        let mut rest = before.iter();
        after.iter().take_while(|name| rest.any(|other| other == *name)).count()
    }

    /// Whether the dump would write a new partition in another way: as a table that is created and attached if its columns have
    /// another order than those of its partitioned table, which no statement changes.
    pub(crate) fn is_out_of_order(&self, new: Element) -> bool {
        let fates = self.fates;
        let (old, elements) = (fates.pairs.old_of(new).filter(|_| fates.of_new(new).stays()), fates.new);
        let tables = elements.table(new).and_then(|(oid, found)| Some((oid, found.partition_of?)));
        let (Some(_), Some((oid, parent))) = (old, tables) else { return false };
        let is_later = |table: u32, number: u32| {
            let column = elements.element((catalog::CLASS, table, number));
            let old = column.and_then(|column| fates.pairs.old_of(column).filter(|_| fates.of_new(column).stays()));
            let Some(Kind::Column(old_table, index)) = old.map(|old| fates.old.kinds[old]) else {
                return (true, number);
            };
            (false, fates.old.column(old_table, index).number)
        };
        let names = |table: u32, is_result: bool| {
            let mut columns: Vec<&Column> =
                elements.model.columns.get(&(catalog::CLASS, table)).into_iter().flatten().collect();
            columns
                .sort_by_key(|column| if is_result { is_later(table, column.number) } else { (false, column.number) });
            columns.into_iter().map(|column| column.name.as_str()).collect::<Vec<_>>()
        };
        let has_order = |is_result: bool| names(oid, is_result) == names(parent, is_result);
        let is_created_so = elements.object(new).is_some_and(|object| object.head.contains(" PARTITION OF "));
        match (has_order(true), has_order(false)) {
            (false, true) => is_created_so,
            (true, false) => true,
            _ => false,
        }
    }

    /// Whether a new element comes only from a parent that its table has to leave and to get again: it would become the
    /// table's own.
    pub(crate) fn loses_origin(&self, new: Element) -> bool {
        let elements = self.fates.new;
        let owner = elements.owner_of(new).filter(|&owner| self.fates.of_new(owner).stays());
        let tables = owner.and_then(|owner| {
            let old = self.fates.pairs.old_of(owner)?;
            Some((self.fates.old.table(old)?.1, elements.table(owner)?.1))
        });
        let Some((before, after)) = tables else { return false };
        let (before, after) = (parent_names(self.fates.old, before), parent_names(elements, after));
        let is_above = |at: usize| counterpart(elements, new, &after[at]).is_some();
        let is_there = |at: usize, other: usize| other != at && (other < at || before.contains(&after[other]));
        let is_left = |at: usize| before.contains(&after[at]) && is_above(at);
        let mut left = (Self::staying(&before, &after)..after.len()).filter(|&at| is_left(at));
        left.any(|at| !(0..after.len()).any(|other| is_there(at, other) && is_above(other)))
    }
}

#[cfg(test)]
mod tests {
    use super::Parents;

    #[test]
    fn the_first_parents_in_their_order_stay() {
        for (before, after, expected) in [
            ("a b", "a b", 2),
            ("a b", "b a", 1),
            ("a b", "c a b", 0),
            ("a x b", "a b c", 2),
            ("a b c", "a c b", 2),
            ("", "a", 0),
        ] {
            let names = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            assert_eq!(Parents::staying(&names(before), &names(after)), expected, "{before} => {after}");
        }
    }
}
