//! Sorts objects so that each comes after what it needs: by name where possible, a table together with its indexes and
//! triggers. Circles are broken as pg_dump does it.

use std::collections::{BTreeSet, HashMap};

use crate::catalog::Catalog;
use crate::circles::{Circles, Graph};
use crate::object::{Id, Object};

/// The descriptions of objects that need each other.
pub(crate) type Circle = Vec<String>;

/// A catalog without circles, and what its objects need.
#[derive(Debug, Clone)]
pub(crate) struct Acyclic {
    pub(crate) catalog: Catalog,
    needs: Graph,
}

impl Acyclic {
    /// Makes what closes a circle an object of its own, or returns the first circle that can't be broken.
    pub(crate) fn new(mut catalog: Catalog) -> Result<Self, Circle> {
        let needs = break_circles(&mut catalog)?;
        Ok(Self { catalog, needs })
    }

    /// The objects, sorted.
    pub(crate) fn in_order(self) -> Vec<Object> {
        let Self { catalog, needs } = self;
        let needs = with_preferences(&needs, Resolver::new(&catalog).graph(&catalog.prefers));
        let order = sorted(&catalog.objects, &needs);
        let mut objects: Vec<Option<Object>> = catalog.objects.into_iter().map(Some).collect();
        order.into_iter().filter_map(|index| objects[index].take()).collect()
    }
}

/// Finds the object that something is written in.
struct Resolver<'a> {
    count: usize,
    index_of: HashMap<&'a Id, usize>,
    part_of: &'a HashMap<Id, Id>,
}

impl<'a> Resolver<'a> {
    fn new(catalog: &'a Catalog) -> Self {
        let mut index_of = HashMap::new();
        for (index, object) in catalog.objects.iter().enumerate() {
            index_of.extend(object.items.iter().filter_map(|item| Some((item.part.as_ref()?, index))));
        }
        index_of.extend(catalog.objects.iter().enumerate().map(|(index, object)| (&object.id, index)));
        Self { count: catalog.objects.len(), index_of, part_of: &catalog.part_of }
    }

    fn object(&self, mut id: &'a Id) -> Option<usize> {
        // An array of an array type's elements is part of a part.
        for _ in 0..8 {
            match self.index_of.get(id) {
                Some(&index) => return Some(index),
                None => id = self.part_of.get(id)?,
            }
        }
        None
    }

    fn graph(&self, edges: &'a [(Id, Id)]) -> Graph {
        let mut graph = vec![Vec::new(); self.count];
        for (from, to) in edges {
            if let (Some(from), Some(to)) = (self.object(from), self.object(to))
                && from != to
            {
                graph[from].push(to);
            }
        }
        graph.iter_mut().for_each(sort);
        graph
    }
}

fn sort(nodes: &mut Vec<usize>) {
    nodes.sort_unstable();
    nodes.dedup();
}

/// Takes defaults and checks that are part of a circle out of their tables and domains, and then splits views. Returns
/// what the objects need after that.
fn break_circles(catalog: &mut Catalog) -> Result<Graph, Circle> {
    loop {
        let resolver = Resolver::new(catalog);
        let graph = resolver.graph(&catalog.needs);
        let circles = Circles::of(&graph);
        let Some(first) = circles.first() else { return Ok(graph) };
        let items = items_in(&circles, catalog, &resolver);
        let views: Vec<usize> =
            circles.members().filter(|&index| catalog.objects[index].placeholder.is_some()).collect();
        if !items.is_empty() {
            items.into_iter().for_each(|(host, item)| detach(catalog, host, |host| host.separate(item)));
        } else if !views.is_empty() {
            views.into_iter().for_each(|view| detach(catalog, view, Object::split));
        } else {
            let mut names: Vec<String> = first.into_iter().map(|index| catalog.objects[index].describe()).collect();
            names.sort_unstable();
            return Err(names);
        }
    }
}

/// The items that need something in the same circle, as an object and the index of the item.
fn items_in(circles: &Circles, catalog: &Catalog, resolver: &Resolver<'_>) -> BTreeSet<(usize, usize)> {
    let mut item_of: HashMap<&Id, (usize, usize)> = HashMap::new();
    for index in circles.members() {
        let items = catalog.objects[index].items.iter().enumerate().filter(|(_, item)| item.apart.is_some());
        item_of.extend(items.filter_map(|(number, item)| Some((item.part.as_ref()?, (index, number)))));
    }
    let in_circle = |(from, to): &(Id, Id)| {
        let (host, item) = item_of.get(from).copied()?;
        let to = resolver.object(to)?;
        (host != to && circles.share(host, to)).then_some((host, item))
    };
    catalog.needs.iter().filter_map(in_circle).collect()
}

/// Makes a part of an object an object of its own, which needs the rest.
fn detach(catalog: &mut Catalog, host: usize, part: impl FnOnce(&mut Object) -> Option<Object>) {
    if let Some(part) = part(&mut catalog.objects[host]) {
        catalog.needs.push((part.id, catalog.objects[host].id));
        catalog.objects.push(part);
    }
}

/// Adds preferences to needs, except those that would close a circle.
fn with_preferences(needs: &Graph, prefers: Graph) -> Graph {
    let mut both = prefers;
    for (both, needs) in both.iter_mut().zip(needs) {
        both.extend(needs);
        sort(both);
    }
    let circles = Circles::of(&both);
    for (from, (both, needs)) in both.iter_mut().zip(needs).enumerate() {
        both.retain(|to| !circles.share(from, *to) || needs.binary_search(to).is_ok());
    }
    both
}

/// At each point, the first by key of the objects whose needs have been met; of the last one's group if possible.
fn sorted(objects: &[Object], needs: &Graph) -> Vec<usize> {
    let mut by_key: Vec<usize> = (0..objects.len()).collect();
    by_key.sort_by(|&a, &b| (&objects[a].key, &objects[a].head).cmp(&(&objects[b].key, &objects[b].head)));
    let mut place_of = vec![0; objects.len()];
    by_key.iter().enumerate().for_each(|(place, &index)| place_of[index] = place);
    let group = |place: usize| (objects[by_key[place]].key.0, &objects[by_key[place]].key.1);

    let mut needed_by = vec![Vec::new(); objects.len()];
    let mut missing: Vec<usize> = needs.iter().map(Vec::len).collect();
    for (from, needs) in needs.iter().enumerate() {
        needs.iter().for_each(|&to| needed_by[to].push(from));
    }
    let mut ready: BTreeSet<usize> =
        (0..objects.len()).filter(|&index| missing[index] == 0).map(|index| place_of[index]).collect();
    let (mut order, mut start) = (Vec::with_capacity(objects.len()), 0);
    while let Some(&first) = ready.first() {
        // `start`: where the group of the last object starts.
        let next = ready.range(start..).next().copied().filter(|&next| group(next) == group(start)).unwrap_or(first);
        if group(next) != group(start) {
            start = by_key.partition_point(|&index| (objects[index].key.0, &objects[index].key.1) < group(next));
        }
        ready.remove(&next);
        let index = by_key[next];
        order.push(index);
        for &dependent in &needed_by[index] {
            missing[dependent] -= 1;
            if missing[dependent] == 0 {
                ready.insert(place_of[dependent]);
            }
        }
    }
    order
}
