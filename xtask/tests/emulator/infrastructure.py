"""CloudFormation features that the infrastructure needs and moto lacks.

If moto emulates the service of a resource type, the resource is created there, so that tests can query it. Other types
are only recorded: the stack contains them, with the attributes that the template reads.
"""

import json
import random
import string

from moto.cloudformation.exceptions import CloudFormationError, ValidationError
from moto.cloudformation.models import CloudFormationBackend
from moto.cloudformation.responses import CloudFormationResponse
from moto.codebuild.models import codebuild_backends
from moto.codecommit.models import codecommit_backends
from moto.codepipeline.models import codepipeline_backends
from moto.core.common_models import CloudFormationModel
from moto.core.responses import EmptyResult
from moto.ec2.models import ec2_backends
from moto.ec2.models.route_tables import RouteTable
from moto.kms.models import Key
from moto.rds.models import DBInstance, rds_backends
from moto.secretsmanager.models import secretsmanager_backends
from moto.ssm.models import Parameter

from . import amplify_branches, amplify_service
from .resources import Resource


class SecurityGroupEgress(Resource, CloudFormationModel):
    TYPE = "AWS::EC2::SecurityGroupEgress"

    def create(self):
        given = self.properties
        ec2_backends[self.account][self.region].authorize_security_group_egress(
            given["GroupId"],
            given["IpProtocol"],
            given["FromPort"],
            given["ToPort"],
            ip_ranges=[],
            source_groups=[{"GroupId": given["DestinationSecurityGroupId"]}],
        )
        return self.name


class Secret(Resource, CloudFormationModel):
    TYPE = "AWS::SecretsManager::Secret"

    def create(self):
        generate = self.properties["GenerateSecretString"]
        value = json.loads(generate["SecretStringTemplate"])
        value[generate["GenerateStringKey"]] = "".join(random.choices(string.ascii_letters + string.digits, k=30))
        made = secretsmanager_backends[self.account][self.region].create_secret(
            name=self.properties["Name"],
            secret_string=json.dumps(value),
            secret_binary=None,
            description=self.properties.get("Description"),
            tags=None,
            kms_key_id=None,
            client_request_token=None,
            replica_regions=[],
            force_overwrite=False,
        )
        return json.loads(made)["ARN"]

    @classmethod
    def remove(cls, physical_id, account, region):
        secretsmanager_backends[account][region].delete_secret(physical_id, None, True)


class SecretTargetAttachment(Resource, CloudFormationModel):
    """Adds the database's connection settings to the secret, as in the AWS CloudFormation Template Reference."""

    TYPE = "AWS::SecretsManager::SecretTargetAttachment"

    def create(self):
        secrets = secretsmanager_backends[self.account][self.region]
        arn = self.properties["SecretId"]
        cluster = rds_backends[self.account][self.region].clusters[self.properties["TargetId"]]
        value = json.loads(secrets.get_secret_value(arn, "", "")["SecretString"])
        value |= {
            "engine": "postgres",
            "host": cluster.endpoint,
            "port": 5432,
            "dbname": cluster.database_name,
            "dbClusterIdentifier": cluster.db_cluster_identifier,
        }
        secrets.put_secret_value(arn, json.dumps(value), None, None, ["AWSCURRENT"])
        return arn


class DBClusterParameterGroup(Resource, CloudFormationModel):
    TYPE = "AWS::RDS::DBClusterParameterGroup"

    def create(self):
        name = self.name.lower()
        rds = rds_backends[self.account][self.region]
        group = rds.create_db_cluster_parameter_group(name, self.properties["Family"], self.properties["Description"], None)
        parameters = self.properties["Parameters"].items()
        group.update_cluster_parameters({"ParameterName": key, "ParameterValue": value} for key, value in parameters)
        return name

    @classmethod
    def remove(cls, physical_id, account, region):
        rds_backends[account][region].delete_db_cluster_parameter_group(physical_id)


class DBCluster(Resource, CloudFormationModel):
    TYPE = "AWS::RDS::DBCluster"
    ATTRIBUTES = {
        "Endpoint.Address": lambda self: self.cluster.endpoint,
        "Endpoint.Port": lambda self: "5432",
        "ReadEndpoint.Address": lambda self: self.cluster.reader_endpoint,
        "DBClusterArn": lambda self: self.cluster.db_cluster_arn,
        "DBClusterResourceId": lambda self: self.cluster.db_cluster_resource_id,
    }

    def create(self):
        given = self.properties
        self.cluster = rds_backends[self.account][self.region].create_db_cluster(
            {
                "db_cluster_identifier": given["DBClusterIdentifier"],
                "engine": given["Engine"],
                "engine_version": given["EngineVersion"],
                "database_name": given["DatabaseName"],
                "master_username": "migrator",
                "master_user_password": "from the secret",
                "backup_retention_period": given["BackupRetentionPeriod"],
                "db_subnet_group_name": given["DBSubnetGroupName"],
                "db_cluster_parameter_group_name": given["DBClusterParameterGroupName"],
                "storage_encrypted": given["StorageEncrypted"],
                "vpc_security_group_ids": given["VpcSecurityGroupIds"],
                "deletion_protection": given["DeletionProtection"],
                "serverless_v2_scaling_configuration": given["ServerlessV2ScalingConfiguration"],
            }
        )
        return given["DBClusterIdentifier"]

    @classmethod
    def remove(cls, physical_id, account, region):
        backend = rds_backends[account][region]
        backend.delete_db_cluster(physical_id)
        # The automated backups of a cluster are deleted with it.
        for name in [name for name in backend.cluster_snapshots if name.startswith(f"rds:{physical_id}-")]:
            del backend.cluster_snapshots[name]


class DBProxy(Resource, CloudFormationModel):
    TYPE = "AWS::RDS::DBProxy"
    ATTRIBUTES = {
        "Endpoint": lambda self: self.proxy.endpoint,
        "DBProxyArn": lambda self: f"arn:aws:rds:{self.region}:{self.account}:db-proxy:{self.proxy.unique_id}",
    }

    def create(self):
        given = self.properties
        self.proxy = rds_backends[self.account][self.region].create_db_proxy(
            given["DBProxyName"],
            given["EngineFamily"],
            given.get("Auth", []),
            given["RoleArn"],
            given["VpcSubnetIds"],
            given["VpcSecurityGroupIds"],
            given["RequireTLS"],
            idle_client_timeout=None,
            debug_logging=None,
            tags=None,
        )
        return given["DBProxyName"]

    @classmethod
    def remove(cls, physical_id, account, region):
        rds_backends[account][region].delete_db_proxy(physical_id)


class DBProxyTargetGroup(Resource, CloudFormationModel):
    TYPE = "AWS::RDS::DBProxyTargetGroup"


class App(Resource, CloudFormationModel):
    TYPE = "AWS::Amplify::App"
    ATTRIBUTES = {"AppId": lambda self: self.id.rsplit("/", 1)[-1]}

    def create(self):
        return amplify_service.create_app({"name": self.properties["Name"]}, self.region)["appArn"]

    @classmethod
    def remove(cls, physical_id, account, region):
        del amplify_service.apps[physical_id.rsplit("/", 1)[-1]]


class Branch(Resource, CloudFormationModel):
    TYPE = "AWS::Amplify::Branch"
    ATTRIBUTES = {"Arn": lambda self: self.id, "BranchName": lambda self: self.properties["BranchName"]}

    def create(self):
        given = {key[0].lower() + key[1:]: value for key, value in self.properties.items()}
        app_id = given.pop("appId")
        return amplify_branches.create(amplify_service.app(app_id), given)["branchArn"]

    @classmethod
    def remove(cls, physical_id, account, region):
        app_id, name = physical_id.split("/")[1::2]
        amplify_branches.delete(amplify_service.app(app_id), name)


def as_asked(value, opaque=("Configuration",)):
    """Converts a template's properties to the API's names, which start with a lower-case letter."""
    if isinstance(value, list):
        return [as_asked(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {key[0].lower() + key[1:]: part if key in opaque else as_asked(part) for key, part in value.items()}


class Repository(Resource, CloudFormationModel):
    TYPE = "AWS::CodeCommit::Repository"
    ATTRIBUTES = {
        "Arn": lambda self: f"arn:aws:codecommit:{self.region}:{self.account}:{self.id}",
        "Name": lambda self: self.id,
        "CloneUrlHttp": lambda self: f"https://git-codecommit.{self.region}.amazonaws.com/v1/repos/{self.id}",
    }

    def create(self):
        name = self.properties["RepositoryName"]
        codecommit_backends[self.account][self.region].create_repository(name, self.properties["RepositoryDescription"])
        return name

    @classmethod
    def remove(cls, physical_id, account, region):
        codecommit_backends[account][region].delete_repository(physical_id)


class Project(Resource, CloudFormationModel):
    TYPE = "AWS::CodeBuild::Project"
    ATTRIBUTES = {"Arn": lambda self: f"arn:aws:codebuild:{self.region}:{self.account}:project/{self.id}"}

    def create(self):
        given = as_asked(self.properties)
        # The exception to the rule: the API spells BuildSpec `buildspec`.
        given["source"]["buildspec"] = given["source"].pop("buildSpec")
        codebuild_backends[self.account][self.region].create_project(
            project_name=given["name"],
            description=given.get("description"),
            project_source=given["source"],
            artifacts=given["artifacts"],
            environment=given["environment"],
            service_role=given["serviceRole"],
            tags=given.get("tags"),
            cache=given.get("cache"),
            timeout=given.get("timeoutInMinutes"),
            queued_timeout=given.get("queuedTimeoutInMinutes"),
            source_version=None,
            logs_config=given.get("logsConfig"),
            vpc_config=given.get("vpcConfig"),
        )
        return given["name"]

    @classmethod
    def remove(cls, physical_id, account, region):
        codebuild_backends[account][region].delete_project(physical_id)


class Pipeline(Resource, CloudFormationModel):
    TYPE = "AWS::CodePipeline::Pipeline"

    def create(self):
        codepipeline_backends[self.account][self.region].create_pipeline(as_asked(self.properties), [])
        return self.properties["Name"]

    @classmethod
    def remove(cls, physical_id, account, region):
        codepipeline_backends[account][region].delete_pipeline(physical_id)


class Subscription(Resource, CloudFormationModel):
    TYPE = "AWS::SNS::Subscription"


class TopicPolicy(Resource, CloudFormationModel):
    TYPE = "AWS::SNS::TopicPolicy"


class Alarm(Resource, CloudFormationModel):
    TYPE = "AWS::CloudWatch::Alarm"
    ATTRIBUTES = {"Arn": lambda self: f"arn:aws:cloudwatch:{self.region}:{self.account}:alarm:{self.id}"}

    def create(self):
        return self.properties["AlarmName"]


class NotificationRule(Resource, CloudFormationModel):
    TYPE = "AWS::CodeStarNotifications::NotificationRule"


def create_parameter(cls, resource_name, cloudformation_json, account_id, region_name, **others):
    """CloudFormation's tags of parameters are a map, which moto does not accept."""
    properties = cloudformation_json["Properties"]
    tags = [{"Key": key, "Value": value} for key, value in properties.get("Tags", {}).items()]
    changed = cloudformation_json | {"Properties": properties | {"Tags": tags}}
    return created_parameter(resource_name, changed, account_id, region_name, **others)


created_parameter = Parameter.create_from_cloudformation_json
Parameter.create_from_cloudformation_json = classmethod(create_parameter)


def create_key(cls, resource_name, cloudformation_json, account_id, region_name, **others):
    """CloudFormation's tags of keys are not those of KMS, which moto expects."""
    properties = cloudformation_json["Properties"]
    tags = [{"TagKey": tag["Key"], "TagValue": tag["Value"]} for tag in properties.get("Tags", [])]
    changed = cloudformation_json | {"Properties": properties | {"Tags": tags}}
    return created_key(resource_name, changed, account_id, region_name, **others)


created_key = Key.create_from_cloudformation_json
Key.create_from_cloudformation_json = classmethod(create_key)


def delete_route_table(self, account, region):
    """Also deletes the associations, which moto's CloudFormation leaves behind."""
    self._associations.clear()
    self.ec2_backend.delete_route_table(self.id)


RouteTable.delete = delete_route_table


def update_termination_protection(self):
    stack = self.cloudformation_backend.get_stack(self._get_param("StackName"))
    stack.enable_termination_protection = self._get_bool_param("EnableTerminationProtection")
    return EmptyResult()


def delete_stack(self, name_or_stack_id):
    asked = [stack for stack in self.stacks.values() if name_or_stack_id in (stack.name, stack.stack_id)]
    if any(stack.enable_termination_protection for stack in asked):
        message = f"Stack [{name_or_stack_id}] cannot be deleted while TerminationProtection is enabled"
        raise ValidationError(message=message)
    return deleted(self, name_or_stack_id)


class ChangeSetNotFound(CloudFormationError):
    code = "ChangeSetNotFound"


def describe_change_set(self, change_set_name):
    for key, change_set in self.change_sets.items():
        if change_set_name in (key, change_set.change_set_name):
            return change_set
    raise ChangeSetNotFound(f"ChangeSet [{change_set_name}] does not exist")


def delete_change_set(self, change_set_name):
    """Deleting a change set that does not exist succeeds."""
    for key, change_set in list(self.change_sets.items()):
        if change_set_name in (key, change_set.change_set_name):
            del self.change_sets[key]


CloudFormationBackend.describe_change_set = describe_change_set
CloudFormationBackend.delete_change_set = delete_change_set
# An instance in a cluster uses the cluster's version; moto requires a version for each instance.
DBInstance.default_engine_versions["aurora-postgresql"] = "17.9"
CloudFormationResponse.update_termination_protection = update_termination_protection
deleted = CloudFormationBackend.delete_stack
CloudFormationBackend.delete_stack = delete_stack
