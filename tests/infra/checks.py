"""What must hold of the synthesised templates. Each check answers what is wrong, in words."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from parity.aws.asl import read_machine
from parity.evidence.classfile import superclass
from tests.infra.assembly import ASL, Assembly

Check = Callable[[Assembly], Iterator[str]]

LEAST_MB: Final = 256
"""Above the 172 to 195 MB that JVMs of handlers were seen to hold; the peak is not known."""

DAYS: Final = range(1, 366)
"""How long a log may be kept."""

ANYTHING: Final = {
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
    "logs:CreateLogDelivery",
    "logs:GetLogDelivery",
    "logs:UpdateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:DescribeResourcePolicies",
    "logs:DescribeLogGroups",
}
"""Actions that AWS knows no resource for: these only may be allowed on `*`."""

METRICS: Final = (
    *("AWS/States/ExecutionsFailed", "AWS/States/ExecutionsTimedOut", "AWS/Lambda/Throttles"),
    *("AWS/SQS/ApproximateNumberOfMessagesVisible", "AWS/DynamoDB/SystemErrors"),
)
"""What AWS measures that somebody has to be woken by."""

READERS: Final = {
    *("ReadWorkflow", "PlanBatch", "ListMoves", "Status", "ListHosts", "ListEndpoints"),
    *("LookUpRoute", "ListWorkflows", "ReadState", "Summarise"),
}
"""Functions that change nothing in the table."""

WRITING: Final = {f"dynamodb:{verb}" for verb in ("GetItem", "BatchGetItem", "PutItem")}
"""What every other function does with the table."""

COUNTERS: Final = {"ClaimWorkflow"}
"""Functions that take numbers from the table."""


def listed(value: Any) -> list[Any]:
    """A list, of one where CloudFormation takes one without it."""
    return value if isinstance(value, list) else [value]


def stack_of(where: str) -> str:
    """The stack in a `stack/logical id`."""
    return where.partition("/")[0]


# ---------------------------------------------------------------- storage


def buckets_are_private_encrypted_and_forget(out: Assembly) -> Iterator[str]:
    closed = {
        *("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
    }
    for where, bucket in out.of("AWS::S3::Bucket"):
        access = bucket.get("PublicAccessBlockConfiguration", {})
        if {name for name, on in access.items() if on is True} != closed:
            yield f"{where} can be made public"
        if "AccessControl" in bucket:
            yield f"{where} has an access control list"
        rules = bucket.get("BucketEncryption", {}).get("ServerSideEncryptionConfiguration", [])
        if not any("ServerSideEncryptionByDefault" in rule for rule in rules):
            yield f"{where} is not encrypted"
        life = bucket.get("LifecycleConfiguration", {}).get("Rules", [])
        days = [
            int(one["ExpirationInDays"])
            for one in life
            if one.get("Status") == "Enabled" and "ExpirationInDays" in one
        ]
        if not days:
            yield f"{where} keeps everything for ever"
        elif "Claims" in where and min(days) < 8:
            yield f"{where} forgets claims while an execution of 7 days may read them"


def buckets_and_queues_are_reached_by_tls_only(out: Assembly) -> Iterator[str]:
    guarded: set[str | None] = set()
    policies = [*out.of("AWS::S3::BucketPolicy"), *out.of("AWS::SQS::QueuePolicy")]
    policies += out.of("AWS::SNS::TopicPolicy")
    for where, policy in policies:
        for one in policy["PolicyDocument"]["Statement"]:
            if one["Effect"] == "Allow" and one.get("Principal") in ("*", {"AWS": "*"}):
                yield f"{where} lets everybody in"
            insecure = one.get("Condition", {}).get("Bool", {}).get("aws:SecureTransport")
            if one["Effect"] == "Deny" and insecure == "false":
                of = policy.get("Bucket") or policy.get("Queues") or policy.get("Topics")
                guarded |= {out.referred(stack_of(where), each) for each in listed(of)}
    for kind in ("AWS::S3::Bucket", "AWS::SQS::Queue", "AWS::SNS::Topic"):
        for where, _ in out.of(kind):
            if where not in guarded:
                yield f"{where} can be reached without TLS"


def the_table_can_be_recovered(out: Assembly) -> Iterator[str]:
    for where, table in out.of("AWS::DynamoDB::Table"):
        recovery = table.get("PointInTimeRecoverySpecification", {})
        if recovery.get("PointInTimeRecoveryEnabled") is not True:
            yield f"{where} has no point-in-time recovery"
        if table.get("SSESpecification", {}).get("SSEEnabled") is not True:
            yield f"{where} is not encrypted with a key that shows in the trail"
        if table.get("DeletionProtectionEnabled") is not True:
            yield f"{where} can be deleted by a slip"
        keys = [(one["AttributeName"], one["KeyType"]) for one in table["KeySchema"]]
        if keys != [("pk", "HASH"), ("sk", "RANGE")]:
            yield f"{where} has other keys than the functions ask for: {keys}"


def what_holds_data_outlives_its_stack(out: Assembly) -> Iterator[str]:
    kept = ("AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::Lambda::Version")
    for where, resource in out.resources():
        if resource["Type"] in (*kept, "AWS::StepFunctions::StateMachineVersion"):
            for policy in ("DeletionPolicy", "UpdateReplacePolicy"):
                if resource.get(policy) != "Retain":
                    yield f"{where} has no {policy} of Retain"


def queues_are_encrypted(out: Assembly) -> Iterator[str]:
    for where, queue in out.of("AWS::SQS::Queue"):
        if not (queue.get("SqsManagedSseEnabled") or queue.get("KmsMasterKeyId")):
            yield f"{where} is not encrypted"


# ---------------------------------------------------------------- network


def nothing_leads_to_the_internet(out: Assembly) -> Iterator[str]:
    for kind in ("AWS::EC2::InternetGateway", "AWS::EC2::NatGateway"):
        for where, _ in out.of(kind):
            yield f"{where} leads to the internet"
    for where, subnet in out.of("AWS::EC2::Subnet"):
        if subnet.get("MapPublicIpOnLaunch") is not False:
            yield f"{where} gives public addresses"
    for where, route in out.of("AWS::EC2::Route"):
        if "VpcPeeringConnectionId" not in route:
            yield f"{where} leads elsewhere than to the storage hosts"


def security_groups_are_narrow(out: Assembly) -> Iterator[str]:
    def rules() -> Iterator[tuple[str, str, Mapping[str, Any]]]:
        for where, group in out.of("AWS::EC2::SecurityGroup"):
            for way in ("Ingress", "Egress"):
                for rule in group.get(f"SecurityGroup{way}", []):
                    yield where, way, rule
        for way in ("Ingress", "Egress"):
            for where, rule in out.of(f"AWS::EC2::SecurityGroup{way}"):
                yield where, way, rule

    for where, way, rule in rules():
        if rule.get("CidrIp") == "255.255.255.255/32":
            continue  # CDK's way to allow nothing
        anybody = rule.get("CidrIp") == "0.0.0.0/0" or rule.get("CidrIpv6") == "::/0"
        if way == "Ingress" and anybody:
            yield f"{where} lets everybody in"
        if str(rule.get("IpProtocol")) != "tcp" or rule.get("FromPort") != rule.get("ToPort"):
            yield f"{where} is open on more than one port of TCP"
        elif way == "Egress" and anybody and rule.get("FromPort") != 443:
            yield f"{where} reaches everything on {rule.get('FromPort')}"


def aws_is_reached_by_endpoints(out: Assembly) -> Iterator[str]:
    there: dict[str, Mapping[str, Any]] = {}
    for _, endpoint in out.of("AWS::EC2::VPCEndpoint"):
        name = json.dumps(endpoint["ServiceName"]).rstrip('"]} ').rpartition(".")[2]
        there[name] = endpoint
    for service in ("s3", "dynamodb", "states", "xray"):
        if service not in there:
            yield f"the functions cannot reach {service}: it has no endpoint"
        elif service in ("states", "xray") and there[service].get("PrivateDnsEnabled") is not True:
            yield f"the endpoint of {service} is not found by its usual name"
    tables = len(list(out.of("AWS::EC2::RouteTable")))
    for service in ("s3", "dynamodb"):
        if service in there and len(there[service].get("RouteTableIds", [])) != tables:
            yield f"not every subnet has a route to {service}"


def the_network_is_logged(out: Assembly) -> Iterator[str]:
    logged = {
        out.referred(stack_of(where), log["ResourceId"])
        for where, log in out.of("AWS::EC2::FlowLog")
        if log.get("TrafficType") == "ALL"
    }
    for where, _ in out.of("AWS::EC2::VPC"):
        if where not in logged:
            yield f"{where} has no flow log of all traffic"


# ---------------------------------------------------------------- rights


def statements(out: Assembly) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """All statements of policies of roles."""
    for where, policy in out.of("AWS::IAM::Policy"):
        for statement in policy["PolicyDocument"]["Statement"]:
            yield where, statement
    for where, role in out.of("AWS::IAM::Role"):
        for inline in role.get("Policies", []):
            for statement in inline["PolicyDocument"]["Statement"]:
                yield where, statement


def roles_allow_what_is_needed_and_no_more(out: Assembly) -> Iterator[str]:
    for where, role in out.of("AWS::IAM::Role"):
        if role.get("ManagedPolicyArns"):
            yield f"{where} has a managed policy"
        for one in role["AssumeRolePolicyDocument"]["Statement"]:
            if set(one["Principal"]) != {"Service"}:
                yield f"{where} can be assumed by others than a service: {one['Principal']}"
    for where, statement in statements(out):
        actions = listed(statement["Action"])
        for action in actions:
            if "*" in action:
                yield f"{where} allows {action}"
        if "*" in listed(statement["Resource"]) and not set(actions) <= ANYTHING:
            yield f"{where} allows {sorted(set(actions) - ANYTHING)} on everything"


def readers_cannot_write(out: Assembly) -> Iterator[str]:
    for name, function in out.functions.items():
        stack = stack_of(function["where"])
        role = out.referred(stack, function["Role"])
        allowed = {
            action
            for where, policy in out.of("AWS::IAM::Policy")
            if role in [out.referred(stack_of(where), one) for one in policy["Roles"]]
            for statement in policy["PolicyDocument"]["Statement"]
            for action in listed(statement["Action"])
        }
        if name in READERS and "dynamodb:PutItem" in allowed:
            yield f"{name} may write to the table and only reads"
        if name not in READERS and not allowed >= WRITING:
            yield f"{name} may not write to the table and has to"
        if (name in COUNTERS) != ("dynamodb:UpdateItem" in allowed):
            yield f"{name} has other rights to count in the table than it needs"
        if ("CLAIMS_BUCKET" in environment(function)) != ("s3:PutObject" in allowed):
            yield f"{name} has other rights to the bucket than its claims need"


def each_function_has_a_role_of_its_own(out: Assembly) -> Iterator[str]:
    roles = [json.dumps(function["Role"]) for function in out.functions.values()]
    for role in sorted(set(roles)):
        if roles.count(role) > 1:
            yield f"{roles.count(role)} functions share the role {role}"


# ---------------------------------------------------------------- functions


def environment(function: Mapping[str, Any]) -> Mapping[str, Any]:
    """The variables of a function."""
    variables: Mapping[str, Any] = function.get("Environment", {}).get("Variables", {})
    return variables


def handlers_are_in_the_package(out: Assembly) -> Iterator[str]:
    for name, function in out.functions.items():
        handler, _, method = str(function["Handler"]).partition("::")
        if handler not in out.classes:
            yield f"{name}: there is no class {handler} in the package"
        elif not has_method(out, handler, method):
            yield f"{name}: {handler} has no method {method}"
        inner = environment(function).get("CLAIMS_HANDLER")
        if handler.endswith("ClaimingHandler") and inner not in out.classes:
            yield f"{name}: there is no class {inner} in the package, which CLAIMS_HANDLER names"
        if name not in (str(inner or handler).rpartition(".")[2]):
            yield f"{name} is handled by {inner or handler}"


def has_method(out: Assembly, name: str, method: str) -> bool:
    """Whether a packaged class, or one that it extends, has a method of this name."""
    while name in out.classes:
        if b"\x00" + bytes([len(method)]) + method.encode() in out.classes[name]:
            return True
        name = superclass(out.classes[name])
    return False


def functions_have_what_they_ask_for(out: Assembly) -> Iterator[str]:
    for name, function in out.functions.items():
        stack = stack_of(function["where"])
        variables = environment(function)
        table = out.referred(stack, variables.get("SABLE_TABLE"))
        if table is None or "Table" not in table:
            yield f"{name} is not told of the table"
        if "CLAIMS_HANDLER" in variables:
            bucket = out.referred(stack, variables.get("CLAIMS_BUCKET"))
            if bucket is None or "ClaimsBucket" not in bucket:
                yield f"{name} is not told of the bucket of claims"
        machine = json.dumps(variables.get("SABLE_MACHINE", ""))
        if name == "Start" and ":stateMachine:BatchMoveEndpoint:live" not in machine:
            yield "Start does not start the alias of the state machine"
        if int(function.get("MemorySize", 128)) < LEAST_MB:
            yield f"{name} has less memory than the {LEAST_MB} MB that a handler needs"
        if not function.get("VpcConfig", {}).get("SubnetIds"):
            yield f"{name} is in no subnet: it cannot reach storage hosts"
        if function.get("Runtime") != "java17":
            yield f"{name} runs on {function.get('Runtime')}"


def functions_end_before_their_states(out: Assembly) -> Iterator[str]:
    for state, function in tasks(out):
        seconds = int(function.get("Timeout", 3))
        if seconds >= int(state["TimeoutSeconds"]):
            yield f"{function['where']} may take {seconds} s, its state {state['TimeoutSeconds']}"


def tasks(out: Assembly) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Each state that calls a function, and the function."""
    by_place = {function["where"]: function for function in out.functions.values()}
    for _, state in read_machine(out.definition.decode(), "packaged").everywhere():
        if state.kind == "Task":
            found = by_place.get(str(called(out, str(state.body["Resource"]))))
            if found is not None:
                yield state.body, found


def called(out: Assembly, resource: str) -> str | None:
    """The function that a Task's `${Name}` leads to, by way of a published version."""
    machine = out.machine
    given = machine["DefinitionSubstitutions"].get(resource.removeprefix("${").removesuffix("}"))
    version = out.referred(stack_of(machine["where"]), given)
    body = dict(out.resources()).get(str(version))
    if body is None or body["Type"] != "AWS::Lambda::Version":
        return None
    return out.referred(stack_of(str(version)), body["Properties"]["FunctionName"])


def every_task_calls_a_version_of_its_function(out: Assembly) -> Iterator[str]:
    by_place = {function["where"]: name for name, function in out.functions.items()}
    for path, state in read_machine(out.definition.decode(), "packaged").everywhere():
        if state.kind != "Task":
            continue
        resource = str(state.body["Resource"])
        name = by_place.get(str(called(out, resource)))
        if name is None:
            yield f"{path or state.name}: {resource} leads to no version of a function"
        elif resource != "${" + name + "Function}":
            yield f"{path or state.name}: {resource} leads to {name}"


def aliases_lead_to_published_versions(out: Assembly) -> Iterator[str]:
    everything = dict(out.resources())
    for where, alias in out.of("AWS::Lambda::Alias"):
        version = out.referred(stack_of(where), alias["FunctionVersion"])
        found = everything.get(str(version), {})
        if found.get("Type") != "AWS::Lambda::Version":
            yield f"{where} leads to {alias['FunctionVersion']}, which is no published version"
        elif found["Properties"]["FunctionName"] != alias["FunctionName"]:
            yield f"{where} leads to a version of another function"
    aliased = {
        out.referred(stack_of(where), alias["FunctionName"])
        for where, alias in out.of("AWS::Lambda::Alias")
    }
    for name, function in out.functions.items():
        if function["where"] not in aliased:
            yield f"{name} has no alias"


def concurrency_leaves_room(out: Assembly) -> Iterator[str]:
    reserved = {
        name: function["ReservedConcurrentExecutions"]
        for name, function in out.functions.items()
        if "ReservedConcurrentExecutions" in function
    }
    if sum(reserved.values()) > 900:
        yield f"{sum(reserved.values())} of the account's 1,000 are reserved; 100 must be left"
    if reserved.get("SweepLeftovers") != 1:
        yield "two sweeps can run at once"
    for name in ("CopyChunks", "CatchUp"):
        if not reserved.get(name):
            yield f"{name} takes what others need: it has no reservation"


def who_is_waited_for_starts_from_a_snapshot(out: Assembly) -> Iterator[str]:
    waited = {"FreezeSource", "SwitchRoute", "RollBack", "Start", "Status", "LookUpRoute"}
    for name in sorted(waited):
        if out.functions[name].get("SnapStart", {}).get("ApplyOn") != "PublishedVersions":
            yield f"{name} starts cold while somebody waits"


def the_sweep_is_scheduled_and_its_failures_are_kept(out: Assembly) -> Iterator[str]:
    everything = dict(out.resources())
    sweep = out.functions["SweepLeftovers"]
    stack = stack_of(sweep["where"])
    dead = out.referred(stack, sweep.get("DeadLetterConfig", {}).get("TargetArn"))
    if everything.get(str(dead), {}).get("Type") != "AWS::SQS::Queue":
        yield "SweepLeftovers has no queue for what failed"
    targets = {
        out.referred(stack_of(where), one["Target"]["Arn"]): one
        for where, one in out.of("AWS::Scheduler::Schedule")
        if one.get("State", "ENABLED") == "ENABLED"
    }
    for where, one in targets.items():
        queue = one["Target"].get("DeadLetterConfig", {}).get("Arn")
        if out.referred(stack, queue) != dead:
            yield f"{where} is called by a schedule that keeps no failures"
    aliases = {
        where: out.referred(stack_of(where), alias["FunctionName"])
        for where, alias in out.of("AWS::Lambda::Alias")
    }
    if sweep["where"] not in [aliases.get(str(where)) for where in targets]:
        yield "nothing calls the alias of SweepLeftovers"


# ---------------------------------------------------------------- workflow


def what_is_packaged_is_the_asl_file(out: Assembly) -> Iterator[str]:
    if out.definition != ASL.read_bytes():
        yield f"the packaged definition is not {ASL.name}: run `make synth`"


def every_name_in_the_machine_is_given(out: Assembly) -> Iterator[str]:
    given = out.machine["DefinitionSubstitutions"]
    text = out.definition.decode()
    for name in given:
        if "${" + name + "}" not in text:
            yield f"{name} is given, and nothing uses it"
    bucket = out.referred(stack_of(out.machine["where"]), given.get("ClaimsBucket"))
    if bucket is None or "ClaimsBucket" not in bucket:
        yield "ClaimsBucket does not lead to the bucket of claims"


def the_machine_is_watched(out: Assembly) -> Iterator[str]:
    if out.machine.get("TracingConfiguration", {}).get("Enabled") is not True:
        yield "the state machine is not traced"
    logging = out.machine.get("LoggingConfiguration", {})
    if logging.get("Level") != "ALL" or not logging.get("Destinations"):
        yield "the state machine does not log its events"
    if logging.get("IncludeExecutionData") is not False:
        yield "the log of the state machine holds the data of callers"
    for name, function in out.functions.items():
        if function.get("TracingConfig", {}).get("Mode") != "Active":
            yield f"{name} is not traced"


def the_alias_shifts_by_degrees_on_alarms_that_exist(out: Assembly) -> Iterator[str]:
    everything = dict(out.resources())
    names = {
        str(properties.get("AlarmName")): (where, properties)
        for where, properties in out.of("AWS::CloudWatch::Alarm")
    }
    aliases = list(out.of("AWS::StepFunctions::StateMachineAlias"))
    if len(aliases) != 1:
        yield f"the state machine has {len(aliases)} aliases"
    for where, alias in aliases:
        stack = stack_of(where)
        shift = alias.get("DeploymentPreference", {})
        if shift.get("Type") not in ("CANARY", "LINEAR"):
            yield f"{where} shifts all at once"
        version = str(out.referred(stack, shift.get("StateMachineVersionArn")))
        if everything.get(version, {}).get("Type") != "AWS::StepFunctions::StateMachineVersion":
            yield f"{where} leads to no version of the state machine"
        alarms = [alarm_name(out, stack, one) for one in shift.get("Alarms", [])]
        if not alarms:
            yield f"{where} shifts without an alarm"
        needed = {str(one) for one in everything[where].get("DependsOn", [])}
        for alarm in alarms:
            if alarm not in names:
                yield f"{where} waits for an alarm {alarm}, which does not exist and counts as OK"
            elif names[alarm][0].partition("/")[2] not in needed:
                yield f"{where} may be there before the alarm {alarm}"
            elif names[alarm][1].get("Namespace") != "AWS/States":
                yield f"the alarm {alarm} does not watch the state machine"


def alarm_name(out: Assembly, stack: str, given: Any) -> str:
    """The name of an alarm, whether it is written or referred to."""
    if isinstance(given, str):
        return given
    resource = dict(out.resources()).get(str(out.referred(stack, given)), {})
    return str(resource.get("Properties", {}).get("AlarmName", given))


def the_machine_may_call_its_functions(out: Assembly) -> Iterator[str]:
    role = out.referred(stack_of(out.machine["where"]), out.machine["RoleArn"])
    allowed: dict[str, str] = {}
    for where, policy in out.of("AWS::IAM::Policy"):
        if role in [out.referred(stack_of(where), one) for one in policy["Roles"]]:
            for statement in policy["PolicyDocument"]["Statement"]:
                for action in listed(statement["Action"]):
                    allowed[action] = allowed.get(action, "") + json.dumps(statement["Resource"])
    for _, function in tasks(out):
        name = f":function:{function.get('FunctionName')}:*"
        if name not in allowed.get("lambda:InvokeFunction", ""):
            yield f"the state machine may not call {function.get('FunctionName')}"
    for action in ("states:StartExecution", "s3:GetObject", "s3:PutObject"):
        if action not in allowed:
            yield f"the state machine may not {action}, which its Map needs"


# ---------------------------------------------------------------- what is seen of it


def logs_are_kept_for_a_while(out: Assembly) -> Iterator[str]:
    for where, group in out.of("AWS::Logs::LogGroup"):
        if group.get("RetentionInDays") not in DAYS:
            yield f"{where} keeps logs for ever"
    groups = {where for where, _ in out.of("AWS::Logs::LogGroup")}
    for name, function in out.functions.items():
        log = function.get("LoggingConfig", {}).get("LogGroup")
        if out.referred(stack_of(function["where"]), log) not in groups:
            yield f"{name} logs to a group that Lambda makes, which keeps logs for ever"


def alarms_watch_what_exists_and_wake_somebody(out: Assembly) -> Iterator[str]:
    gates = {
        alarm_name(out, stack_of(where), one)
        for where, alias in out.of("AWS::StepFunctions::StateMachineAlias")
        for one in alias.get("DeploymentPreference", {}).get("Alarms", [])
    }
    everything = dict(out.resources())
    watched: set[str] = set()
    for where, alarm in out.of("AWS::CloudWatch::Alarm"):
        stack = stack_of(where)
        if alarm.get("AlarmName") not in gates:
            woken = [out.referred(stack, one) for one in alarm.get("AlarmActions", [])]
            kinds = {everything.get(str(one), {}).get("Type") for one in woken}
            if kinds != {"AWS::SNS::Topic"} or alarm.get("ActionsEnabled") is False:
                yield f"{where} wakes nobody"
        metrics = [alarm, *(one.get("MetricStat", {}).get("Metric", {}) for one in
                            alarm.get("Metrics", []))]  # fmt: skip
        for metric in metrics:
            name = f"{metric.get('Namespace')}/{metric.get('MetricName')}"
            if metric.get("MetricName") and name not in METRICS:
                yield f"{where} watches {name}, which nobody writes"
            watched.add(name)
            for dimension in metric.get("Dimensions", []):
                if dimension["Name"] == "Operation":
                    continue
                if out.referred(stack, dimension["Value"]) not in everything:
                    yield f"{where} watches {dimension['Value']}, which does not exist"
    for metric in METRICS:
        if metric not in watched:
            yield f"no alarm watches {metric}"
    if len(list(out.of("AWS::CloudWatch::Dashboard"))) != 1:
        yield "there is no dashboard"


def what_stacks_import_is_exported(out: Assembly) -> Iterator[str]:
    exported = {
        output["Export"]["Name"]
        for body in out.stacks.values()
        for output in body.get("Outputs", {}).values()
        if "Export" in output
    }

    def imports(node: Any) -> Iterator[str]:
        if isinstance(node, dict):
            if set(node) == {"Fn::ImportValue"}:
                yield str(node["Fn::ImportValue"])
            for value in node.values():
                yield from imports(value)
        if isinstance(node, list):
            for value in node:
                yield from imports(value)

    for stack, body in out.stacks.items():
        for name in sorted(set(imports(body))):
            if name not in exported:
                yield f"{stack} imports {name}, which no stack exports"


CHECKS: Final[tuple[Check, ...]] = (
    buckets_are_private_encrypted_and_forget,
    buckets_and_queues_are_reached_by_tls_only,
    the_table_can_be_recovered,
    what_holds_data_outlives_its_stack,
    queues_are_encrypted,
    nothing_leads_to_the_internet,
    security_groups_are_narrow,
    aws_is_reached_by_endpoints,
    the_network_is_logged,
    roles_allow_what_is_needed_and_no_more,
    readers_cannot_write,
    each_function_has_a_role_of_its_own,
    handlers_are_in_the_package,
    functions_have_what_they_ask_for,
    functions_end_before_their_states,
    every_task_calls_a_version_of_its_function,
    aliases_lead_to_published_versions,
    concurrency_leaves_room,
    who_is_waited_for_starts_from_a_snapshot,
    the_sweep_is_scheduled_and_its_failures_are_kept,
    what_is_packaged_is_the_asl_file,
    every_name_in_the_machine_is_given,
    the_machine_is_watched,
    the_alias_shifts_by_degrees_on_alarms_that_exist,
    the_machine_may_call_its_functions,
    logs_are_kept_for_a_while,
    alarms_watch_what_exists_and_wake_somebody,
    what_stacks_import_is_exported,
)
"""All of them, in the order of the stacks."""
