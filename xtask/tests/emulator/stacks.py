"""CloudFormation stacks that change entirely or not at all, as on AWS.

moto creates, updates and deletes single resources. This file adds the order, an event for each resource, and the rollback of a
stack and all stacks nested in it, which undoes every change in reverse. An update compares resources with all references
resolved, so that a change reaches the resources that refer to it. Resources that moto cannot update or delete are reported.
"""

import copy
import inspect
import json
import re

from moto.cloudformation import parsing, responses
from moto.cloudformation.exceptions import ValidationError
from moto.cloudformation.models import CloudFormationBackend, Event, Stack, cloudformation_backends, get_stack_from_s3_url
from moto.cloudformation.parsing import OutputMap, clean_json
from moto.ec2.models import ec2_backends
from moto.ec2.models.core import TaggedEC2Resource
from moto.utilities.utils import get_partition

from . import functions, resources

parsing.CustomModel = functions.Custom

NESTED = "AWS::CloudFormation::Stack"
PSEUDO = re.compile(r"\$\{(!?)([^}]+)\}")


class Failure(Exception):
    """A resource could not be changed. The reason is already in an event of the stack."""


def references(value):
    """The logical names that a part of a template refers to."""
    if isinstance(value, list):
        for part in value:
            yield from references(part)
    elif isinstance(value, dict):
        for key, part in value.items():
            if key == "Ref":
                yield part
            elif key == "Fn::GetAtt":
                yield part.split(".")[0] if isinstance(part, str) else part[0]
            elif key == "Fn::Sub":
                text = part if isinstance(part, str) else part[0]
                yield from (name.split(".")[0] for literal, name in PSEUDO.findall(text) if not literal)
            if key not in ("Ref", "Fn::GetAtt"):
                yield from references(part)


def in_order(template):
    """The logical names, each after those that it depends on."""
    declared, ordered = template["Resources"], []

    def visit(name, path):
        if name not in declared or name in ordered or name in path:
            return
        explicit = declared[name].get("DependsOn", [])
        for dependency in [explicit] if isinstance(explicit, str) else explicit:
            visit(dependency, path | {name})
        for dependency in references(declared[name].get("Properties", {})):
            visit(dependency, path | {name})
        ordered.append(name)

    for name in declared:
        visit(name, set())
    return ordered


def report(stack, name, kind, status, physical_id="", reason=None):
    stack.events.append(Event(stack.stack_id, stack.name, name, physical_id or "", kind, status, reason, None))


class Change:
    """A change of a stack's resources, which records what was done so that it can be undone."""

    def __init__(self, stack):
        self.stack, self.map, self.resolved, self.done = stack, stack.resource_map, stack.resolved, []

    def apply(self, template):
        """Creates and updates resources, but deletes none. Raises a Failure, with an event for the resource that failed."""
        for name in in_order(template):
            self.attempt(name, template["Resources"][name])

    def attempt(self, name, declared):
        kind = declared["Type"]
        verb = "UPDATE" if name in self.resolved else "CREATE"
        try:
            if "Condition" in declared and not self.map.lazy_condition_map[declared["Condition"]]:
                return
            if parsing.resource_class_from_type(kind) is None:
                return
            wanted = clean_json({"Properties": {}} | declared, self.map)
            if verb == "CREATE":
                self.create(name, kind, wanted)
            elif self.resolved[name]["Properties"] != wanted["Properties"]:
                self.update(name, kind, wanted)
        except Exception as error:
            reason = str(getattr(error, "message", None) or error)
            report(self.stack, name, kind, f"{verb}_FAILED", reason=reason)
            if getattr(error, "resource", None):
                self.keep(name, kind, error.resource, wanted)
            raise Failure(name) from error

    def create(self, name, kind, wanted):
        report(self.stack, name, kind, "CREATE_IN_PROGRESS")
        resources.refuse_once(kind)
        resource = self.map[name]
        self.keep(name, kind, resource, wanted)
        if isinstance(resource, TaggedEC2Resource):
            tags = self.map.tags | {"aws:cloudformation:logical-id": name}
            ec2 = ec2_backends[self.map._account_id][self.map._region_name]
            ec2.create_tags([resource.physical_resource_id], tags)
        report(self.stack, name, kind, "CREATE_COMPLETE", identity(resource))

    def update(self, name, kind, wanted):
        model, before = parsing.resource_class_from_type(kind), self.map._parsed_resources[name]
        report(self.stack, name, kind, "UPDATE_IN_PROGRESS", identity(before))
        if hasattr(model.update_from_cloudformation_json, "__isabstractmethod__"):
            resources.on_unsupported(f"an update of {kind}")
            return
        new_name = parsing.parse_resource_and_generate_name(name, wanted, self.map)[2]
        after = model.update_from_cloudformation_json(
            original_resource=before,
            new_resource_name=new_name,
            cloudformation_json=copy.deepcopy(wanted),
            account_id=self.map._account_id,
            region_name=self.map._region_name,
        )
        self.keep(name, kind, after, wanted)
        report(self.stack, name, kind, "UPDATE_COMPLETE", identity(after))

    def keep(self, name, kind, resource, wanted):
        """Records the current state of a resource, so that it can be restored."""
        resource.logical_resource_id, resource.cf_resource_type = name, kind
        self.map._parsed_resources[name] = resource
        self.done.append((name, self.resolved.get(name)))
        self.resolved[name] = wanted

    def undo(self):
        """In reverse: deletes created resources, and restores updated ones."""
        done, self.done = self.done, []
        for name, before in reversed(done):
            if before is None:
                remove(self.stack, name, of_rollback=True)
            else:
                self.update(name, before["Type"], before)


def identity(resource):
    return getattr(resource, "physical_resource_id", None) or ""


def remove(stack, name, of_rollback=False):
    """Deletes a resource, unless its policy retains it."""
    known, kind = stack.resource_map, stack.resolved[name]["Type"]
    resource, policy = known._parsed_resources.get(name), stack.resolved[name].get("DeletionPolicy", "Delete")
    is_kept = policy == "Retain" or (policy == "RetainExceptOnCreate" and not of_rollback)
    if resource is not None and is_kept:
        report(stack, name, kind, "DELETE_SKIPPED", identity(resource))
    elif resource is not None:
        report(stack, name, kind, "DELETE_IN_PROGRESS", identity(resource))
        try:
            destroy(stack, resource, stack.resolved[name])
        except Exception as error:
            report(stack, name, kind, "DELETE_FAILED", identity(resource), str(getattr(error, "message", None) or error))
            raise Failure(name) from error
        report(stack, name, kind, "DELETE_COMPLETE", identity(resource))
    known._parsed_resources.pop(name, None)
    del stack.resolved[name]


def destroy(stack, resource, declared):
    """Calls whichever of moto's two methods the resource's model has."""
    model = parsing.resource_class_from_type(declared["Type"])
    place = (stack.account_id, stack.region_name)
    try:
        inspect.signature(resource.delete).bind(*place)
    except (AttributeError, TypeError):
        if hasattr(model.delete_from_cloudformation_json, "__isabstractmethod__"):
            resources.on_unsupported(f"a deletion of {declared['Type']}")
        else:
            model.delete_from_cloudformation_json(identity(resource), declared, *place)
    else:
        resource.delete(*place)


def set_outputs(stack):
    """Reads the outputs eagerly: moto's map of them would create missing resources on access."""
    stack.output_map = stack._create_output_map()
    for name in stack.output_map:
        stack.output_map[name]


def set_status(stack, status, reason=None):
    stack.status, stack.stack_status_reason = status, reason
    stack._add_stack_event(status, resource_status_reason=reason)


def failed(names, verb):
    return f"The following resource(s) failed to {verb}: [{', '.join(names)}]. "


def create_resources(self):
    """Creates a stack, or rolls it back."""
    self.status = "CREATE_IN_PROGRESS"
    self.output_map = OutputMap(self.resource_map, {}, self.stack_id)
    self.resource_map.tags |= {"aws:cloudformation:stack-name": self.name, "aws:cloudformation:stack-id": self.stack_id}
    change = Change(self)
    self._parse_template()
    self.description = self.template_dict.get("Description")
    try:
        change.apply(self.template_dict)
    except Failure as failure:
        set_status(self, "ROLLBACK_IN_PROGRESS", failed([str(failure)], "create") + "Rollback requested by user.")
        roll_back(self, change, "ROLLBACK")
        return
    set_outputs(self)
    set_status(self, "CREATE_COMPLETE")


def roll_back(stack, change, prefix):
    try:
        change.undo()
    except Failure as failure:
        set_status(stack, f"{prefix}_FAILED", failed([str(failure)], "delete"))
    else:
        set_status(stack, f"{prefix}_COMPLETE")


def adopt(stack, template, parameters):
    """Sets the template and parameters of a stack, before its resources change."""
    known = stack.resource_map
    stack.template, stack.parameters = template, parameters
    stack._parse_template()
    known._template, known.input_parameters = stack.template_dict, parameters
    known._resource_json_map = stack.template_dict["Resources"]
    for name in known.resolved_parameters:
        known._parsed_resources.pop(name, None)
    known.resolved_parameters = {}
    known.load()


def update(self, template, role_arn=None, parameters=None, tags=None):
    """Updates a stack, or returns it to the previous template and parameters."""
    before = (self.template, self.parameters)
    try:
        adopt(self, template, self.parameters if parameters is None else parameters)
    except Exception:
        # The template is refused, and the stack is unchanged.
        adopt(self, *before)
        raise
    change = Change(self)
    set_status(self, "UPDATE_IN_PROGRESS", "User Initiated")
    try:
        change.apply(self.template_dict)
    except Failure as failure:
        set_status(self, "UPDATE_ROLLBACK_IN_PROGRESS", failed([str(failure)], "update"))
        adopt(self, *before)
        roll_back(self, change, "UPDATE_ROLLBACK")
        return
    self.role_arn = role_arn
    self.tags = self.tags if tags is None else tags
    set_status(self, "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
    for name in reversed([name for name in self.resolved if name not in self.template_dict["Resources"]]):
        remove(self, name)
    set_outputs(self)
    set_status(self, "UPDATE_COMPLETE")


def delete(self):
    set_status(self, "DELETE_IN_PROGRESS", "User Initiated")
    try:
        for name in reversed(list(self.resolved)):
            remove(self, name)
    except Failure as failure:
        set_status(self, "DELETE_FAILED", failed([str(failure)], "delete"))
    else:
        set_status(self, "DELETE_COMPLETE")


Stack.create_resources, Stack.update, Stack.delete = create_resources, update, delete


def given_parameters(self):
    """The original values. moto stores the resolved ones, and would interpret the value of an SSM parameter as its name."""
    declared = self.template_dict.get("Parameters", {})
    return {name: parameter.get("Default") for name, parameter in declared.items()} | self.parameters


Stack.stack_parameters = property(given_parameters)
# The existing resources by logical name, as last created or updated.
Stack.resolved = property(lambda self: self.__dict__.setdefault("resolved", {}))


# --- nested stacks ----------------------------------------------------------------------------------------------------


def get_cfn_attribute(self, attribute):
    output = self.output_map[attribute.removeprefix("Outputs.")]
    return output.value if output else None


def create_nested(cls, resource_name, cloudformation_json, account_id, region_name, **_):
    properties = cloudformation_json["Properties"]
    template = get_stack_from_s3_url(properties["TemplateURL"], account_id, get_partition(region_name))
    backend = cloudformation_backends[account_id][region_name]
    stack = backend.create_stack(name=resource_name, template=template, parameters=properties.get("Parameters", {}))
    if stack.status != "CREATE_COMPLETE":
        reason = embedded_failure(stack, "created")
        # The parent's rollback deletes the rest of it.
        backend.delete_stack(stack.stack_id)
        raise functions.Failed(reason)
    return stack


def update_nested(cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name):
    stack, properties = original_resource, cloudformation_json["Properties"]
    template = get_stack_from_s3_url(properties["TemplateURL"], account_id, get_partition(region_name))
    stack.update(template, parameters=properties.get("Parameters", {}))
    if stack.status != "UPDATE_COMPLETE":
        raise functions.Failed(embedded_failure(stack, "updated"))
    return stack


def embedded_failure(stack, participle):
    reasons = [event.resource_status_reason for event in stack.events if event.resource_status.endswith("_FAILED")]
    return f"Embedded stack {stack.stack_id} was not successfully {participle}: {'; '.join(map(str, reasons))}"


def delete_nested(cls, resource_name, cloudformation_json, account_id, region_name):
    backend = cloudformation_backends[account_id][region_name]
    backend.delete_stack(resource_name)
    if backend.get_stack(resource_name).status != "DELETE_COMPLETE":
        raise functions.Failed(f"Embedded stack {resource_name} could not be deleted")



def stack_resources(self):
    """Those that exist: moto's map would create the others. Its parsed resources also have the pseudo parameters."""
    parsed = self.resource_map._parsed_resources
    return [parsed[name] for name in self.resource_map if parsed.get(name) is not None]


Stack.stack_resources = property(stack_resources)
Stack.get_cfn_attribute = get_cfn_attribute
Stack.physical_resource_id = property(lambda self: self.stack_id)
Stack.create_from_cloudformation_json = classmethod(create_nested)
Stack.update_from_cloudformation_json = classmethod(update_nested)
Stack.delete_from_cloudformation_json = classmethod(delete_nested)


# --- operations -------------------------------------------------------------------------------------------------------


def delete_stack(self, name_or_stack_id):
    """A stack whose deletion failed still exists. The change sets of one that is deleted do not."""
    deleted(self, name_or_stack_id)
    for stack in list(self.deleted_stacks.values()):
        if stack.status == "DELETE_FAILED":
            self.stacks[stack.stack_id] = self.deleted_stacks.pop(stack.stack_id)
    for identifier, change_set in list(self.change_sets.items()):
        if change_set.stack_id not in self.stacks:
            del self.change_sets[identifier]


def execute_change_set(self, change_set_name, stack_name=None):
    change_set = self.describe_change_set(change_set_name)
    stack = self.stacks[change_set.stack_id]
    parameters = stack.parameters | change_set.parameters
    if change_set.change_set_type == "CREATE":
        adopt(stack, change_set.template, parameters)
        set_status(stack, "CREATE_IN_PROGRESS", "User Initiated")
        stack.create_resources()
    else:
        stack.update(change_set.template, change_set.role_arn, parameters, change_set.tags)
    change_set.execution_status = "EXECUTE_COMPLETE"


def update_parameters(self, instance, incoming_params):
    """Also keeps parameters with default values."""
    given = {it["ParameterKey"]: it["ParameterValue"] for it in incoming_params if "ParameterValue" in it}
    kept = [it["ParameterKey"] for it in incoming_params if it.get("UsePreviousValue")]
    return given | {key: instance.parameters[key] for key in kept if key in instance.parameters}


def update_stack(self, name, template, role_arn, parameters, tags):
    """Refuses an update without a change. A changed value of an SSM parameter is one."""
    stack = self.get_stack(name)
    before, wanted = (stack.template, stack.parameters), self._resolve_update_parameters(stack, parameters)
    old = (stack.template_dict, stack.resource_map.resolved_parameters)
    try:
        adopt(stack, template, wanted)
        is_same = old == (stack.template_dict, stack.resource_map.resolved_parameters) and tags in (None, stack.tags)
    finally:
        adopt(stack, *before)
    if is_same:
        raise ValidationError(name, message="No updates are to be performed.")
    stack.update(template, role_arn, wanted, tags)
    return stack


def create_stack(self):
    if self._get_bool_param("DisableRollback") or self._get_param("OnFailure") not in (None, "ROLLBACK"):
        resources.on_unsupported("a stack that is not rolled back")
    return asked(self)


asked = responses.CloudFormationResponse.create_stack
responses.CloudFormationResponse.create_stack = create_stack
responses.CloudFormationResponse._validate_different_update = lambda *_: None
deleted = CloudFormationBackend.delete_stack
CloudFormationBackend.update_stack = update_stack
CloudFormationBackend.delete_stack = delete_stack
CloudFormationBackend.execute_change_set = execute_change_set
CloudFormationBackend._resolve_update_parameters = update_parameters

summarized = responses.get_template_summary_response_from_template


def summary(body):
    """According to the API, metadata is a JSON string; moto sends Python's notation."""
    found = summarized(body)
    if isinstance(found.get("Metadata"), dict):
        found["Metadata"] = json.dumps(found["Metadata"])
    return found


responses.get_template_summary_response_from_template = summary
