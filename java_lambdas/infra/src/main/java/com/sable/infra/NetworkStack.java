package com.sable.infra;

import java.util.List;
import software.amazon.awscdk.CfnCondition;
import software.amazon.awscdk.CfnParameter;
import software.amazon.awscdk.Fn;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.ec2.CfnRoute;
import software.amazon.awscdk.services.ec2.FlowLogDestination;
import software.amazon.awscdk.services.ec2.FlowLogOptions;
import software.amazon.awscdk.services.ec2.FlowLogTrafficType;
import software.amazon.awscdk.services.ec2.GatewayVpcEndpointAwsService;
import software.amazon.awscdk.services.ec2.GatewayVpcEndpointOptions;
import software.amazon.awscdk.services.ec2.IInterfaceVpcEndpointService;
import software.amazon.awscdk.services.ec2.ISubnet;
import software.amazon.awscdk.services.ec2.InterfaceVpcEndpoint;
import software.amazon.awscdk.services.ec2.InterfaceVpcEndpointAwsService;
import software.amazon.awscdk.services.ec2.IpAddresses;
import software.amazon.awscdk.services.ec2.Peer;
import software.amazon.awscdk.services.ec2.Port;
import software.amazon.awscdk.services.ec2.SecurityGroup;
import software.amazon.awscdk.services.ec2.SubnetConfiguration;
import software.amazon.awscdk.services.ec2.SubnetType;
import software.amazon.awscdk.services.ec2.Vpc;
import software.constructs.Construct;

/** Subnets without a way to the internet, what they reach of AWS, and the way to storage hosts. */
final class NetworkStack extends Stack {
  private static final String RANGE = "10.0.0.0/16";
  private static final int ZONES = 2;
  private static final int SUBNET_BITS = 20;
  private static final int HTTPS = 443;

  final Vpc vpc;

  /** What the functions are in. */
  final SecurityGroup functions;

  NetworkStack(Construct scope, String id, StackProps props) {
    super(scope, id, props);
    CfnParameter hosts = hosts();
    CfnParameter port =
        CfnParameter.Builder.create(this, "HostsPort")
            .type("Number")
            .defaultValue(7400)
            .minValue(1)
            .maxValue(65535)
            .description("Port on which storage hosts listen")
            .build();
    vpc = network();
    functions = group("Functions", "What the functions may reach");
    functions.addEgressRule(
        Peer.ipv4(hosts.getValueAsString()), Port.tcp(port.getValueAsNumber()), "storage hosts");
    functions.addEgressRule(
        Peer.anyIpv4(), Port.tcp(HTTPS), "S3 and DynamoDB: no route leads anywhere else");
    endpoints();
    peering(hosts);
  }

  private CfnParameter hosts() {
    return CfnParameter.Builder.create(this, "HostsRange")
        .type("String")
        .defaultValue("10.1.0.0/16")
        .allowedPattern("^[0-9.]+/(1[6-9]|2[0-9]|3[0-2])$")
        .constraintDescription("is an IPv4 range of at most 65,536 addresses")
        .description("Addresses of the storage hosts")
        .build();
  }

  private Vpc network() {
    Vpc made =
        Vpc.Builder.create(this, "Vpc")
            .ipAddresses(IpAddresses.cidr(RANGE))
            .maxAzs(ZONES)
            .natGateways(0)
            .restrictDefaultSecurityGroup(false)
            .subnetConfiguration(
                List.of(
                    SubnetConfiguration.builder()
                        .name("Isolated")
                        .subnetType(SubnetType.PRIVATE_ISOLATED)
                        .cidrMask(SUBNET_BITS)
                        .build()))
            .build();
    made.addFlowLog(
        "FlowLog",
        FlowLogOptions.builder()
            .trafficType(FlowLogTrafficType.ALL)
            .destination(
                FlowLogDestination.toCloudWatchLogs(
                    Logged.group(this, "FlowLogs", "/sable/flow-logs")))
            .build());
    return made;
  }

  private SecurityGroup group(String id, String description) {
    return SecurityGroup.Builder.create(this, id)
        .vpc(vpc)
        .description(description)
        .allowAllOutbound(false)
        .build();
  }

  private void endpoints() {
    vpc.addGatewayEndpoint("S3", gateway(GatewayVpcEndpointAwsService.S3));
    vpc.addGatewayEndpoint("DynamoDb", gateway(GatewayVpcEndpointAwsService.DYNAMODB));
    SecurityGroup endpoint = group("Endpoints", "Endpoints of AWS, reached by the functions");
    endpoint.addIngressRule(functions, Port.tcp(HTTPS), "from the functions");
    interfaceTo("StepFunctions", InterfaceVpcEndpointAwsService.STEP_FUNCTIONS, endpoint);
    interfaceTo("XRay", InterfaceVpcEndpointAwsService.XRAY, endpoint);
  }

  private static GatewayVpcEndpointOptions gateway(GatewayVpcEndpointAwsService service) {
    return GatewayVpcEndpointOptions.builder().service(service).build();
  }

  private void interfaceTo(String id, IInterfaceVpcEndpointService service, SecurityGroup group) {
    InterfaceVpcEndpoint.Builder.create(this, id)
        .vpc(vpc)
        .service(service)
        .privateDnsEnabled(true)
        .open(false)
        .securityGroups(List.of(group))
        .build();
  }

  /** A route to the hosts' own network, where a peering to it is given. */
  private void peering(CfnParameter hosts) {
    CfnParameter peering =
        CfnParameter.Builder.create(this, "HostsPeering")
            .type("String")
            .defaultValue("")
            .description("VPC peering connection to the storage hosts; none: they are in this VPC")
            .build();
    CfnCondition apart =
        CfnCondition.Builder.create(this, "HostsAreApart")
            .expression(Fn.conditionNot(Fn.conditionEquals(peering.getValueAsString(), "")))
            .build();
    int number = 0;
    for (ISubnet subnet : vpc.getIsolatedSubnets()) {
      CfnRoute route =
          CfnRoute.Builder.create(this, "HostsRoute" + ++number)
              .routeTableId(subnet.getRouteTable().getRouteTableId())
              .destinationCidrBlock(hosts.getValueAsString())
              .vpcPeeringConnectionId(peering.getValueAsString())
              .build();
      route.getCfnOptions().setCondition(apart);
    }
  }
}
