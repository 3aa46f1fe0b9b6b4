"""Deletions by CloudFormation of resources that moto creates but leaves behind when their stack is deleted."""

from moto.ec2.models import ec2_backends
from moto.ec2.models.elastic_ip_addresses import ElasticAddress
from moto.ec2.models.flow_logs import FlowLogs
from moto.ec2.models.internet_gateways import InternetGateway
from moto.ec2.models.nat_gateways import NatGateway
from moto.ec2.models.route_tables import Route
from moto.ec2.models.security_groups import SecurityGroupIngress
from moto.ec2.models.subnets import SubnetRouteTableAssociation
from moto.ec2.models.vpcs import VPCEndPoint
from moto.ec2.models.vpn_gateway import VPCGatewayAttachment
from moto.iam.models import ManagedPolicy, iam_backends


def revoke(ec2, rule):
    given = rule.properties
    ec2.revoke_security_group_ingress(
        given["GroupId"],
        given["IpProtocol"],
        given["FromPort"],
        given["ToPort"],
        ip_ranges=[],
        source_groups=[{"GroupId": given["SourceSecurityGroupId"]}],
    )


def disassociate(ec2, association):
    associations = ec2.route_tables[association.route_table_id]._associations
    for known in [known for known, subnet in associations.items() if subnet == association.subnet_id]:
        ec2.disassociate_route_table(known)


DELETIONS = {
    ElasticAddress: lambda ec2, it: ec2.release_address(allocation_id=it.allocation_id),
    FlowLogs: lambda ec2, it: ec2.delete_flow_logs([it.id]),
    InternetGateway: lambda ec2, it: ec2.delete_internet_gateway(it.id),
    NatGateway: lambda ec2, it: ec2.delete_nat_gateway(it.id),
    Route: lambda ec2, it: ec2.delete_route(it.route_table.id, it.destination_cidr_block),
    SecurityGroupIngress: revoke,
    SubnetRouteTableAssociation: disassociate,
    VPCEndPoint: lambda ec2, it: ec2.delete_vpc_endpoints([it.id]),
    VPCGatewayAttachment: lambda ec2, it: ec2.detach_internet_gateway(it.gateway_id, it.vpc_id),
}


def of_ec2(deletion):
    return lambda self, account, region: deletion(ec2_backends[account][region], self)


for model, deletion in DELETIONS.items():
    model.delete = of_ec2(deletion)
ManagedPolicy.delete = lambda self, account, region: iam_backends[account]["aws"].delete_policy(self.arn)
