"""Cognito and AppSync, as CloudFormation sees them: resources with names and addresses. Nobody can sign in, and no query is
answered.
"""

from moto.core.common_models import CloudFormationModel

from .resources import Resource, letters


def arn(resource, service, path):
    return f"arn:aws:{service}:{resource.region}:{resource.account}:{path}"


class UserPool(Resource, CloudFormationModel):
    TYPE = "AWS::Cognito::UserPool"
    ATTRIBUTES = {
        "Arn": lambda self: arn(self, "cognito-idp", f"userpool/{self.id}"),
        "ProviderName": lambda self: f"cognito-idp.{self.region}.amazonaws.com/{self.id}",
        "ProviderURL": lambda self: f"https://cognito-idp.{self.region}.amazonaws.com/{self.id}",
        "UserPoolId": lambda self: self.id,
    }

    def create(self):
        return f"{self.region}_{letters(9)}"


class UserPoolClient(Resource, CloudFormationModel):
    TYPE = "AWS::Cognito::UserPoolClient"
    ATTRIBUTES = {"ClientId": lambda self: self.id, "Name": lambda self: self.properties.get("ClientName", self.name)}

    def create(self):
        return letters(26).lower()


class IdentityPool(Resource, CloudFormationModel):
    TYPE = "AWS::Cognito::IdentityPool"
    ATTRIBUTES = {"Id": lambda self: self.id, "Name": lambda self: self.properties.get("IdentityPoolName", self.name)}

    def create(self):
        return f"{self.region}:{letters(32).lower()}"


class IdentityPoolRoleAttachment(Resource, CloudFormationModel):
    TYPE = "AWS::Cognito::IdentityPoolRoleAttachment"
    ATTRIBUTES = {"Id": lambda self: self.id}


class GraphQLApi(Resource, CloudFormationModel):
    TYPE = "AWS::AppSync::GraphQLApi"
    ATTRIBUTES = {
        "ApiId": lambda self: self.api_id,
        "Arn": lambda self: self.id,
        "GraphQLUrl": lambda self: f"https://{self.api_id}.appsync-api.{self.region}.amazonaws.com/graphql",
    }

    def create(self):
        self.api_id = letters(26).lower()
        return arn(self, "appsync", f"apis/{self.api_id}")


class OfApi(Resource):
    """A part of an API, which its id or its name tells from the others."""

    PATH = ""

    def create(self):
        self.own = self.properties.get("Name") or letters(26).lower()
        return arn(self, "appsync", f"apis/{self.properties['ApiId']}/{self.PATH}/{self.own}")


class GraphQLSchema(OfApi, CloudFormationModel):
    TYPE = "AWS::AppSync::GraphQLSchema"
    PATH = "schema"
    ATTRIBUTES = {"Id": lambda self: self.id}


class ApiKey(OfApi, CloudFormationModel):
    TYPE = "AWS::AppSync::ApiKey"
    PATH = "apikeys"
    ATTRIBUTES = {"ApiKey": lambda self: f"da2-{self.own}", "ApiKeyId": lambda self: self.own, "Arn": lambda self: self.id}


class DataSource(OfApi, CloudFormationModel):
    TYPE = "AWS::AppSync::DataSource"
    PATH = "datasources"
    ATTRIBUTES = {"DataSourceArn": lambda self: self.id, "Name": lambda self: self.own}


class FunctionConfiguration(OfApi, CloudFormationModel):
    TYPE = "AWS::AppSync::FunctionConfiguration"
    PATH = "functions"
    ATTRIBUTES = {
        "FunctionArn": lambda self: self.id,
        "FunctionId": lambda self: self.function_id,
        "DataSourceName": lambda self: self.properties["DataSourceName"],
        "Name": lambda self: self.own,
    }

    def create(self):
        self.function_id = letters(26).lower()
        return super().create()


class Resolver(OfApi, CloudFormationModel):
    TYPE = "AWS::AppSync::Resolver"
    PATH = "resolvers"
    ATTRIBUTES = {
        "ResolverArn": lambda self: self.id,
        "FieldName": lambda self: self.properties["FieldName"],
        "TypeName": lambda self: self.properties["TypeName"],
    }
