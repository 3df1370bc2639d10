package gatehouse.checks.aws.compute

import data.gatehouse.lib

functions := [r |
	some kind in ["aws_lambda_function"]
	some r in object.get(input.resources, kind, [])
]

# METADATA
# scope: document
# title: Function is not traced
# description: Without traces, what a request touched is guessed.
# custom:
#   severity: info
#   remedy: Set tracing_config.mode to Active.
#   fix:
#     - set: {"tracing_config.mode": "Active"}
#       risk: "The function's role needs the right to write traces."
lambda_tracing contains lib.at(r, []) if {
	some r in functions
	not traced(r)
}

traced(r) if {
	some block in lib.blocks(r, "tracing_config")
	lib.maybe(object.get(block, "mode", "PassThrough"), {"Active"})
}

# METADATA
# scope: document
# title: Function runs outside a VPC
# description: Its traffic to the internet is not controlled or recorded.
# custom:
#   severity: info
#   remedy: Set vpc_config where the function needs things inside.
lambda_vpc contains lib.at(r, []) if {
	some r in functions
	count(lib.blocks(r, "vpc_config")) == 0
}

# METADATA
# scope: document
# title: Failed calls of a function are lost
# description: After the last try an event is dropped.
# custom:
#   severity: info
#   remedy: Set dead_letter_config.
lambda_dead_letters contains lib.at(r, []) if {
	some r in functions
	count(lib.blocks(r, "dead_letter_config")) == 0
}

# METADATA
# scope: document
# title: Function may take all of the account's concurrency
# description: One busy function starves the others, and costs without a bound.
# custom:
#   severity: info
#   remedy: Set reserved_concurrent_executions.
lambda_concurrency contains lib.at(r, []) if {
	some r in functions
	lib.get(r, "reserved_concurrent_executions") in {null, -1}
}

# METADATA
# scope: document
# title: Function's code need not be signed
# description: Whoever may upload code may run it.
# custom:
#   severity: info
#   remedy: Set code_signing_config_arn.
lambda_signing contains lib.at(r, []) if {
	some r in functions
	lib.off(lib.get(r, "code_signing_config_arn"))
	lib.text(r, "package_type") != "Image"
}

# METADATA
# scope: document
# title: Environment of a function has no key of its own
# description: Whoever may read the function's configuration reads its environment.
# custom:
#   severity: low
#   remedy: Set kms_key_arn.
lambda_environment_key contains lib.at(r, []) if {
	some r in functions
	some block in lib.blocks(r, "environment")
	count(object.get(block, "variables", {})) > 0
	lib.off(lib.get(r, "kms_key_arn"))
}

# METADATA
# scope: document
# title: Access key stands in a function's environment
# description: Everyone who may describe the function reads it.
# custom:
#   severity: critical
#   remedy: Give the function a role; withdraw the key.
#   controls: ["NIST-800-53:IA-5"]
lambda_environment_secret contains lib.at(r, ["environment", index, "variables", name]) if {
	some r in functions
	some index, block in lib.blocks(r, "environment")
	some name, value in object.get(block, "variables", {})
	is_string(value)
	regex.match(`A(KI|SI)A[0-9A-Z]{16}`, value)
}

# METADATA
# scope: document
# title: Function's runtime gets no fixes any more
# description: Flaws in the runtime stay open.
# custom:
#   severity: medium
#   remedy: Move to a runtime that is supported.
#   controls: ["NIST-800-53:SI-2"]
lambda_runtime contains lib.at(r, ["runtime"]) if {
	some r in functions
	lib.text(r, "runtime") in {
		"nodejs", "nodejs4.3", "nodejs6.10", "nodejs8.10", "nodejs10.x", "nodejs12.x", "nodejs14.x", "nodejs16.x", "nodejs18.x",
		"nodejs20.x",
		"python2.7", "python3.6", "python3.7", "python3.8", "python3.9", "python3.10", "ruby2.5", "ruby2.7", "ruby3.2", "java8", "go1.x", "dotnetcore1.0",
		"dotnetcore2.0", "dotnetcore2.1", "dotnetcore3.1", "dotnet5.0", "dotnet6", "dotnet8", "provided", "provided.al2",
	}
}

# METADATA
# scope: document
# title: Function may be called by everyone
# description: Anyone can run it, and pay with your account.
# custom:
#   severity: high
#   remedy: Name the principal and its source_arn.
#   controls: ["NIST-800-53:AC-3"]
lambda_public contains lib.at(r, ["principal"]) if {
	some r in object.get(input.resources, "aws_lambda_permission", [])
	r.attributes.principal == "*"
	every name in {"principal_org_id", "source_account", "source_arn"} { lib.off(lib.get(r, name)) }
}

# METADATA
# scope: document
# title: Service may call the function for anyone
# description: Without a source, every account's topics, buckets or APIs may call it.
# custom:
#   severity: medium
#   remedy: Set source_arn or source_account.
#   controls: ["NIST-800-53:AC-3"]
lambda_permission_source contains lib.at(r, []) if {
	some r in object.get(input.resources, "aws_lambda_permission", [])
	endswith(lib.text(r, "principal"), ".amazonaws.com")
	lib.off(lib.get(r, "source_arn"))
	lib.off(lib.get(r, "source_account"))
}

# METADATA
# scope: document
# title: Function's address needs no credentials
# description: Anyone who knows or guesses the address can call it.
# custom:
#   severity: high
#   remedy: Set authorization_type to AWS_IAM.
#   controls: ["NIST-800-53:AC-3"]
#   fix:
#     - set: {"authorization_type": "AWS_IAM"}
#       risk: "Callers have to sign requests."
lambda_url_public contains lib.at(r, ["authorization_type"]) if {
	some r in object.get(input.resources, "aws_lambda_function_url", [])
	r.attributes.authorization_type == "NONE"
}

clusters := object.get(input.resources, "aws_eks_cluster", [])

# METADATA
# scope: document
# title: Kubernetes API is open to the internet
# description: Every flaw of the API server, and every stolen token, can be used from anywhere.
# custom:
#   severity: high
#   remedy: Set endpoint_public_access to false, or limit public_access_cidrs.
#   controls: ["CIS-EKS:5.4.1", "NIST-800-53:SC-7"]
eks_public_endpoint contains lib.at(r, []) if {
	some r in clusters
	some block in lib.blocks(r, "vpc_config")
	not object.get(block, "endpoint_public_access", true) in {false, "false"}
	not lib.unknown(object.get(block, "endpoint_public_access", true))
	some cidr in lib.strings(object.get(block, "public_access_cidrs", "0.0.0.0/0"))
	lib.internet(cidr)
}

# METADATA
# scope: document
# title: Kubernetes secrets are not encrypted with a key
# description: Whoever reads etcd's disk or backup reads all secrets.
# custom:
#   severity: medium
#   remedy: Set encryption_config for secrets with a KMS key.
#   controls: ["CIS-EKS:5.3.1", "NIST-800-53:SC-28"]
eks_secrets contains lib.at(r, []) if {
	some r in clusters
	count(lib.blocks(r, "encryption_config")) == 0
}

# METADATA
# scope: document
# title: Control plane of Kubernetes does not log
# description: Nobody can tell who did what in the cluster.
# custom:
#   severity: low
#   remedy: Set enabled_cluster_log_types to api, audit, authenticator, controllerManager and scheduler.
#   controls: ["CIS-EKS:2.1.1", "NIST-800-53:AU-2"]
#   fix:
#     - set: {"enabled_cluster_log_types": ["api", "audit", "authenticator", "controllerManager", "scheduler"]}
#       risk: "Logs cost."
eks_logs contains lib.at(r, []) if {
	some r in clusters
	count({"api", "audit", "authenticator", "controllerManager", "scheduler"} - cluster_logs(r)) > 0
	not lib.unknown(lib.get(r, "enabled_cluster_log_types"))
}

cluster_logs(r) := {name | some name in lib.strings(lib.get(r, "enabled_cluster_log_types"))} | {entry.type |
	some entry in object.get(r.attributes, ["logging", "cluster_logging", "enabled_types"], [])
}

# METADATA
# scope: document
# title: Nodes take SSH from the internet
# description: Port 22 is under attack within minutes of being reachable.
# custom:
#   severity: high
#   remedy: Set remote_access.source_security_group_ids.
eks_ssh contains lib.at(r, ["remote_access", index]) if {
	some r in object.get(input.resources, "aws_eks_node_group", [])
	some index, block in lib.blocks(r, "remote_access")
	not lib.off(object.get(block, "ec2_ssh_key", null))
	count(lib.strings(object.get(block, "source_security_group_ids", []))) == 0
}

repositories := object.get(input.resources, "aws_ecr_repository", [])

# METADATA
# scope: document
# title: Images are not scanned when they are pushed
# description: Known flaws are found by others first.
# custom:
#   severity: low
#   remedy: Set image_scanning_configuration.scan_on_push to true.
#   controls: ["NIST-800-53:RA-5"]
#   fix:
#     - set: {"image_scanning_configuration.scan_on_push": true}
#       risk: "None is known."
ecr_scan contains lib.at(r, []) if {
	some r in repositories
	not scans(r)
}

scans(r) if {
	some block in lib.blocks(r, "image_scanning_configuration")
	not lib.off(object.get(block, "scan_on_push", null))
}

# METADATA
# scope: document
# title: Tags of images may be moved
# description: A tag that can be moved says nothing about what runs.
# custom:
#   severity: low
#   remedy: Set image_tag_mutability to IMMUTABLE.
#   controls: ["NIST-800-53:SI-7"]
#   fix:
#     - set: {"image_tag_mutability": "IMMUTABLE"}
#       risk: "Pipelines that push a tag again, such as latest, fail."
ecr_immutable contains lib.at(r, []) if {
	some r in repositories
	not lib.maybe(object.get(r.attributes, "image_tag_mutability", "MUTABLE"), {"IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION"})
}

# METADATA
# scope: document
# title: Images are not encrypted with a customer key
# description: A key of its own is a second lock.
# custom:
#   severity: info
#   remedy: Set encryption_configuration with KMS.
#   controls: ["NIST-800-53:SC-12"]
ecr_key contains lib.at(r, []) if {
	some r in repositories
	not ecr_kms(r)
}

ecr_kms(r) if {
	some block in lib.blocks(r, "encryption_configuration")
	lib.maybe(object.get(block, "encryption_type", "AES256"), {"KMS", "KMS_DSSE"})
}

# METADATA
# scope: document
# title: ECS cluster has no container insights
# description: Without figures nobody sees what containers do.
# custom:
#   severity: info
#   remedy: Set the setting containerInsights to enabled.
#   fix:
#     - add: {"setting": {"name": "containerInsights", "value": "enabled"}}
#       risk: "Figures cost."
ecs_insights contains lib.at(r, []) if {
	some r in object.get(input.resources, "aws_ecs_cluster", [])
	not insights(r)
}

insights(r) if {
	some block in lib.blocks(r, "setting")
	block.name == "containerInsights"
	lib.maybe(object.get(block, "value", ""), {"enabled", "enhanced"})
}

containers[r.id] contains c if {
	some r in object.get(input.resources, "aws_ecs_task_definition", [])
	some c in json.unmarshal(lib.text(r, "container_definitions"))
}

# CloudFormation writes them out.
containers[r.id] contains c if {
	some r in object.get(input.resources, "aws_ecs_task_definition", [])
	some block in lib.blocks(r, "container_definitions")
	c := object.union(block, {"readonlyRootFilesystem": object.get(block, "readonly_root_filesystem", false)})
}

# METADATA
# scope: document
# title: Container of a task is privileged
# description: A privileged container owns its machine.
# custom:
#   severity: high
#   remedy: Remove privileged, and add the capabilities that are needed.
#   controls: ["NIST-800-53:AC-6"]
ecs_privileged contains lib.at(r, ["container_definitions"]) if {
	some r in object.get(input.resources, "aws_ecs_task_definition", [])
	some c in containers[r.id]
	lib.on(c.privileged)
}

# METADATA
# scope: document
# title: Container of a task may write to its image
# description: What gets in can change what runs.
# custom:
#   severity: low
#   remedy: Set readonlyRootFilesystem to true.
ecs_root_writable contains lib.at(r, ["container_definitions"]) if {
	some r in object.get(input.resources, "aws_ecs_task_definition", [])
	some c in containers[r.id]
	not lib.on(object.get(c, "readonlyRootFilesystem", false))
}

# METADATA
# scope: document
# title: Task mounts EFS over plain NFS
# description: Files cross the network in the clear.
# custom:
#   severity: medium
#   remedy: Set transit_encryption to ENABLED.
#   controls: ["NIST-800-53:SC-8"]
#   fix:
#     - base: "found"
#       existing: true
#       set: {"efs_volume_configuration.transit_encryption": "ENABLED"}
#       risk: "None is known."
ecs_transit contains lib.at(r, ["volume", index]) if {
	some r in object.get(input.resources, "aws_ecs_task_definition", [])
	some index, volume in lib.blocks(r, "volume")
	some block in lib.list(object.get(volume, "efs_volume_configuration", []))
	not lib.maybe(object.get(block, "transit_encryption", "DISABLED"), {"ENABLED"})
}

# METADATA
# scope: document
# title: Notebook reaches the internet directly
# description: What runs in it can send data anywhere.
# custom:
#   severity: medium
#   remedy: Set direct_internet_access to Disabled.
#   fix:
#     - set: {"direct_internet_access": "Disabled"}
#       risk: "The notebook needs a subnet with a way out for what it installs."
sagemaker_internet contains lib.at(r, []) if {
	some r in object.get(input.resources, "aws_sagemaker_notebook_instance", [])
	not lib.maybe(object.get(r.attributes, "direct_internet_access", "Enabled"), {"Disabled"})
}

# METADATA
# scope: document
# title: Build runs privileged
# description: A build that owns its machine can change what others build.
# custom:
#   severity: medium
#   remedy: Set privileged_mode to false unless images are built.
#   fix:
#     - base: "found"
#       set: {"privileged_mode": false}
#       risk: "Builds that make images with Docker fail."
codebuild_privileged contains lib.at(r, ["environment", index]) if {
	some r in object.get(input.resources, "aws_codebuild_project", [])
	some index, block in lib.blocks(r, "environment")
	lib.on(object.get(block, "privileged_mode", null))
}
