package gatehouse.checks.google

import data.gatehouse.lib

all(kinds) := [r |
	some kind in kinds
	some r in object.get(input.resources, kind, [])
]

buckets := all(["google_storage_bucket"])

# METADATA
# scope: document
# title: Bucket or dataset is open to everyone
# description: allUsers is the internet, allAuthenticatedUsers everyone with a Google account.
# custom:
#   severity: high
#   remedy: Name the members.
#   controls: ["CIS-GCP:5.1", "NIST-800-53:AC-3"]
bucket_public contains lib.at(r, [name]) if {
	some r in all(["google_storage_bucket_iam_member", "google_storage_bucket_iam_binding", "google_storage_bucket_access_control", "google_bigquery_dataset_iam_member", "google_pubsub_topic_iam_member", "google_kms_crypto_key_iam_member", "google_cloud_run_service_iam_member"])
	some name in {"member", "members", "entity"}
	some member in lib.strings(object.get(r.attributes, name, []))
	member in {"allUsers", "allAuthenticatedUsers"}
}

bucket_public contains lib.at(r, ["access", index]) if {
	some r in all(["google_bigquery_dataset"])
	some index, block in lib.blocks(r, "access")
	object.get(block, "special_group", object.get(block, "iam_member", "")) in {"allAuthenticatedUsers", "allUsers"}
}

# METADATA
# scope: document
# title: Bucket has access lists of objects
# description: Rights of single objects are not seen in the bucket's.
# custom:
#   severity: low
#   remedy: Set uniform_bucket_level_access to true.
#   controls: ["CIS-GCP:5.2"]
bucket_access contains lib.at(r, []) if {
	some r in buckets
	lib.off(lib.get(r, "uniform_bucket_level_access"))
}

# METADATA
# scope: document
# title: Bucket keeps no versions
# description: What is overwritten or deleted by mistake is gone.
# custom:
#   severity: info
#   remedy: Set versioning.enabled to true.
bucket_versioning contains lib.at(r, []) if {
	some r in buckets
	not versioned(r)
}

versioned(r) if {
	some block in lib.blocks(r, "versioning")
	not lib.off(object.get(block, "enabled", null))
}

# METADATA
# scope: document
# title: Bucket does not log access
# description: Nobody can tell who read what.
# custom:
#   severity: info
#   remedy: Set logging.log_bucket.
bucket_logs contains lib.at(r, []) if {
	some r in buckets
	count(lib.blocks(r, "logging")) == 0
}

# METADATA
# scope: document
# title: Bucket may be made public
# description: One wrong binding makes objects public.
# custom:
#   severity: low
#   remedy: Set public_access_prevention to enforced.
#   controls: ["CIS-GCP:5.1"]
bucket_prevention contains lib.at(r, []) if {
	some r in buckets
	not lib.maybe(object.get(r.attributes, "public_access_prevention", "inherited"), {"enforced"})
}

firewalls contains {"r": r, "rule": rule} if {
	some r in all(["google_compute_firewall"])
	object.get(r.attributes, "direction", "INGRESS") == "INGRESS"
	some cidr in lib.strings(object.get(r.attributes, "source_ranges", []))
	lib.internet(cidr)
	some rule in lib.blocks(r, "allow")
}

reaches(rule, _) if {
	lower(object.get(rule, "protocol", "")) in {"all", "tcp", "6"}
	count(lib.strings(object.get(rule, "ports", []))) == 0
}

reaches(rule, port) if {
	lower(object.get(rule, "protocol", "")) in {"all", "tcp", "6"}
	some entry in object.get(rule, "ports", [])
	bounds := split(sprintf("%v", [entry]), "-")
	to_number(bounds[0]) <= port
	to_number(bounds[count(bounds) - 1]) >= port
}

# METADATA
# scope: document
# title: SSH is open to the internet
# description: Port 22 is under attack within minutes of being reachable.
# custom:
#   severity: high
#   remedy: Allow 35.235.240.0/20 and use Identity-Aware Proxy.
#   controls: ["CIS-GCP:3.6", "NIST-800-53:SC-7"]
ssh_open contains lib.at(e.r, ["source_ranges"]) if {
	some e in firewalls
	reaches(e.rule, 22)
}

# METADATA
# scope: document
# title: RDP is open to the internet
# description: Port 3389 is a common way in for ransomware.
# custom:
#   severity: high
#   remedy: Allow 35.235.240.0/20 and use Identity-Aware Proxy.
#   controls: ["CIS-GCP:3.7", "NIST-800-53:SC-7"]
rdp_open contains lib.at(e.r, ["source_ranges"]) if {
	some e in firewalls
	reaches(e.rule, 3389)
}

# METADATA
# scope: document
# title: A port that is not for the internet is open to it
# description: Databases, caches and control planes are not built to face attackers.
# custom:
#   severity: high
#   remedy: Allow the addresses of the clients.
#   controls: ["NIST-800-53:SC-7"]
sensitive_port_open contains lib.at(e.r, ["source_ranges"]) if {
	some e in firewalls
	some port in [21, 23, 25, 3306, 5432, 6379, 9200, 27017, 11211, 2379, 10250]
	reaches(e.rule, port)
}

machines := all(["google_compute_instance", "google_compute_instance_template"])

# METADATA
# scope: document
# title: Machine has a public address
# description: A public address makes the machine reachable wherever a firewall errs.
# custom:
#   severity: medium
#   remedy: Remove access_config.
#   controls: ["CIS-GCP:4.9"]
vm_public_ip contains lib.at(r, ["network_interface", index]) if {
	some r in machines
	some index, block in lib.blocks(r, "network_interface")
	count(lib.list(object.get(block, "access_config", []))) > 0
}

# METADATA
# scope: document
# title: Serial console is reachable from the internet
# description: The console takes connections from every address.
# custom:
#   severity: medium
#   remedy: Set serial-port-enable to false.
#   controls: ["CIS-GCP:4.5"]
vm_serial_port contains lib.at(r, ["metadata", "serial-port-enable"]) if {
	some r in machines
	enabled := object.get(r.attributes, ["metadata", "serial-port-enable"], null)
	not lib.off(enabled)
	not lib.unknown(enabled)
}

# METADATA
# scope: document
# title: Machine takes the project's SSH keys
# description: One key opens every machine.
# custom:
#   severity: low
#   remedy: Set block-project-ssh-keys to true.
#   controls: ["CIS-GCP:4.3"]
vm_project_keys contains lib.at(r, []) if {
	some r in machines
	lib.off(object.get(r.attributes, ["metadata", "block-project-ssh-keys"], null))
}

# METADATA
# scope: document
# title: Machine turns OS Login off
# description: Access does not end with the identity.
# custom:
#   severity: low
#   remedy: Remove enable-oslogin = false.
#   controls: ["CIS-GCP:4.4"]
vm_os_login contains lib.at(r, ["metadata", "enable-oslogin"]) if {
	some r in machines
	object.get(r.attributes, ["metadata", "enable-oslogin"], "true") in {false, "false", "False", "FALSE"}
}

# METADATA
# scope: document
# title: Machine may send for other addresses
# description: It can pose as another.
# custom:
#   severity: medium
#   remedy: Set can_ip_forward to false.
#   controls: ["CIS-GCP:4.6"]
vm_forwarding contains lib.at(r, ["can_ip_forward"]) if {
	some r in machines
	lib.on(lib.get(r, "can_ip_forward"))
}

# METADATA
# scope: document
# title: Machine does not verify how it starts
# description: Malware below the operating system is not noticed.
# custom:
#   severity: low
#   remedy: Set shielded_instance_config.
#   controls: ["CIS-GCP:4.8"]
vm_shielded contains lib.at(r, []) if {
	some r in machines
	count(lib.blocks(r, "shielded_instance_config")) == 0
}

# METADATA
# scope: document
# title: Machine runs as the project's default account
# description: The default account may edit the whole project.
# custom:
#   severity: medium
#   remedy: Set service_account to one with what is needed.
#   controls: ["CIS-GCP:4.1"]
vm_default_account contains lib.at(r, []) if {
	some r in machines
	not own_account(r)
}

own_account(r) if {
	some block in lib.blocks(r, "service_account")
	email := object.get(block, "email", "")
	email != ""
	not endswith(email, "-compute@developer.gserviceaccount.com")
}

# METADATA
# scope: document
# title: Machine has the scope of the whole cloud
# description: Whoever gets in has all rights of its account.
# custom:
#   severity: medium
#   remedy: List the scopes.
#   controls: ["CIS-GCP:4.2"]
vm_full_access contains lib.at(r, ["service_account", index]) if {
	some r in machines
	some index, block in lib.blocks(r, "service_account")
	some scope in object.get(block, "scopes", [])
	scope in {"cloud-platform", "https://www.googleapis.com/auth/cloud-platform"}
	object.get(block, "email", "") == ""
}

# METADATA
# scope: document
# title: Disk is not encrypted with a customer key
# description: Only a key of your own can be withdrawn.
# custom:
#   severity: info
#   remedy: Set disk_encryption_key.
disk_key contains lib.at(r, []) if {
	some r in all(["google_compute_disk"])
	count(lib.blocks(r, "disk_encryption_key")) == 0
}

databases := all(["google_sql_database_instance"])

settings[r.id] contains {"path": ["settings", index], "block": block} if {
	some r in databases
	some index, block in lib.blocks(r, "settings")
}

# METADATA
# scope: document
# title: Database takes plain connections
# description: Queries, answers and passwords can be read on the way.
# custom:
#   severity: medium
#   remedy: Set ip_configuration.require_ssl, or ssl_mode to ENCRYPTED_ONLY.
#   controls: ["CIS-GCP:6.4", "NIST-800-53:SC-8"]
sql_tls contains lib.at(r, []) if {
	some r in databases
	not tls_required(r)
}

tls_required(r) if {
	some s in settings[r.id]
	some block in lib.list(object.get(s.block, "ip_configuration", []))
	tls_on(block)
}

tls_on(block) if lib.on(object.get(block, "require_ssl", null))

tls_on(block) if lib.maybe(object.get(block, "ssl_mode", ""), {"ENCRYPTED_ONLY", "TRUSTED_CLIENT_CERTIFICATE_REQUIRED"})

# METADATA
# scope: document
# title: Database lets every address in
# description: A database that the internet can reach is one weak password away from being copied.
# custom:
#   severity: critical
#   remedy: Name the networks of the clients.
#   controls: ["CIS-GCP:6.5", "NIST-800-53:SC-7"]
sql_open contains lib.at(r, array.concat(s.path, ["ip_configuration", outer, "authorized_networks", inner])) if {
	some r in databases
	some s in settings[r.id]
	some outer, block in lib.list(object.get(s.block, "ip_configuration", []))
	some inner, network in lib.list(object.get(block, "authorized_networks", []))
	lib.internet(network.value)
}

# METADATA
# scope: document
# title: Database has a public address
# description: A public address is one wrong network away from being open.
# custom:
#   severity: medium
#   remedy: Set ip_configuration.ipv4_enabled to false.
#   controls: ["CIS-GCP:6.6"]
sql_public contains lib.at(r, array.concat(s.path, ["ip_configuration", index, "ipv4_enabled"])) if {
	some r in databases
	some s in settings[r.id]
	some index, block in lib.list(object.get(s.block, "ip_configuration", []))
	lib.on(object.get(block, "ipv4_enabled", true))
}

# A database has one unless something is said.
sql_public contains lib.at(r, s.path) if {
	some r in databases
	some s in settings[r.id]
	count(lib.list(object.get(s.block, "ip_configuration", []))) == 0
}

# METADATA
# scope: document
# title: Database keeps no backups
# description: There is nothing to restore from.
# custom:
#   severity: low
#   remedy: Set backup_configuration.enabled to true.
#   controls: ["CIS-GCP:6.7"]
sql_backup contains lib.at(r, []) if {
	some r in databases
	not backed_up(r)
}

backed_up(r) if {
	some s in settings[r.id]
	some block in lib.list(object.get(s.block, "backup_configuration", []))
	not lib.off(object.get(block, "enabled", null))
}

clusters := all(["google_container_cluster"])

# METADATA
# scope: document
# title: Kubernetes cluster takes legacy rights
# description: Legacy authorization gives everyone in the cluster everything.
# custom:
#   severity: high
#   remedy: Set enable_legacy_abac to false.
#   controls: ["CIS-GKE:5.8.3"]
gke_legacy_auth contains lib.at(r, ["enable_legacy_abac"]) if {
	some r in clusters
	lib.on(lib.get(r, "enable_legacy_abac"))
}

# METADATA
# scope: document
# title: Kubernetes API is open to the internet
# description: Every flaw of the API server, and every stolen token, can be used from anywhere.
# custom:
#   severity: medium
#   remedy: Set master_authorized_networks_config.
#   controls: ["CIS-GKE:5.6.3"]
gke_open contains lib.at(r, []) if {
	some r in clusters
	count(lib.blocks(r, "master_authorized_networks_config")) == 0
}

gke_open contains lib.at(r, ["master_authorized_networks_config", index]) if {
	some r in clusters
	some index, block in lib.blocks(r, "master_authorized_networks_config")
	some network in lib.list(object.get(block, "cidr_blocks", []))
	lib.internet(network.cidr_block)
}

# METADATA
# scope: document
# title: Nodes have public addresses
# description: Every node is reachable wherever a firewall errs.
# custom:
#   severity: medium
#   remedy: Set private_cluster_config.enable_private_nodes to true.
#   controls: ["CIS-GKE:5.6.5"]
gke_private_nodes contains lib.at(r, []) if {
	some r in clusters
	not private_nodes(r)
}

private_nodes(r) if {
	some block in lib.blocks(r, "private_cluster_config")
	not lib.off(object.get(block, "enable_private_nodes", null))
}

# METADATA
# scope: document
# title: Kubernetes cluster has no network policies
# description: Every pod reaches every other.
# custom:
#   severity: low
#   remedy: Set network_policy.enabled to true, or datapath_provider to ADVANCED_DATAPATH.
#   controls: ["CIS-GKE:5.6.7"]
gke_network_policy contains lib.at(r, []) if {
	some r in clusters
	not gke_policed(r)
}

gke_policed(r) if {
	some block in lib.blocks(r, "network_policy")
	not lib.off(object.get(block, "enabled", null))
}

gke_policed(r) if lib.maybe(lib.text(r, "datapath_provider"), {"ADVANCED_DATAPATH"})

# Autopilot always has them.
gke_policed(r) if lib.on(lib.get(r, "enable_autopilot"))

# METADATA
# scope: document
# title: Kubernetes cluster does not log or is not monitored
# description: Nobody can tell what happened in it.
# custom:
#   severity: low
#   remedy: Remove logging_service and monitoring_service with the value none.
#   controls: ["CIS-GKE:5.7.1"]
gke_logging contains lib.at(r, [name]) if {
	some r in clusters
	some name in {"logging_service", "monitoring_service"}
	lib.text(r, name) == "none"
}

# METADATA
# scope: document
# title: Kubernetes cluster gives out client certificates or passwords
# description: They cannot be withdrawn.
# custom:
#   severity: medium
#   remedy: Set master_auth.client_certificate_config.issue_client_certificate to false, and no username.
#   controls: ["CIS-GKE:5.8.2"]
gke_client_certificate contains lib.at(r, ["master_auth", index]) if {
	some r in clusters
	some index, block in lib.blocks(r, "master_auth")
	issues(block)
}

issues(block) if {
	some inner in lib.list(object.get(block, "client_certificate_config", []))
	inner.issue_client_certificate == true
}

issues(block) if not lib.off(object.get(block, "username", null))

# METADATA
# scope: document
# title: Nodes give their credentials to every pod
# description: A pod that asks the metadata server gets the rights of the node.
# custom:
#   severity: medium
#   remedy: Set workload_metadata_config.mode to GKE_METADATA.
#   controls: ["CIS-GKE:5.4.2"]
gke_node_metadata contains lib.at(r, ["node_config", index]) if {
	some r in all(["google_container_node_pool", "google_container_cluster"])
	some index, block in lib.blocks(r, "node_config")
	not workload_metadata(block)
}

workload_metadata(block) if {
	some inner in lib.list(object.get(block, "workload_metadata_config", []))
	lib.maybe(object.get(inner, "mode", object.get(inner, "node_metadata", "")), {"GKE_METADATA", "GKE_METADATA_SERVER", "SECURE"})
}

# METADATA
# scope: document
# title: Nodes are not repaired or upgraded
# description: Nodes with known flaws stay.
# custom:
#   severity: low
#   remedy: Set management.auto_repair and auto_upgrade to true.
#   controls: ["CIS-GKE:5.5.2"]
gke_repair contains lib.at(r, ["management", index]) if {
	some r in all(["google_container_node_pool"])
	some index, block in lib.blocks(r, "management")
	some name in {"auto_repair", "auto_upgrade"}
	block[name] == false
}

# METADATA
# scope: document
# title: Role of the whole project is basic
# description: Owner and editor may change nearly everything.
# custom:
#   severity: high
#   remedy: Give a role with what is needed.
#   controls: ["CIS-GCP:1.5"]
project_role contains lib.at(r, ["role"]) if {
	some r in all(["google_project_iam_member", "google_project_iam_binding", "google_folder_iam_member", "google_organization_iam_member"])
	lib.text(r, "role") in {"roles/owner", "roles/editor"}
}

# METADATA
# scope: document
# title: Long-lived key of a service account
# description: A key that never expires is found in repositories, logs and laptops; the state file holds it too.
# custom:
#   severity: low
#   remedy: Use workload identity.
#   controls: ["CIS-GCP:1.4"]
account_key contains lib.at(r, []) if {
	some r in all(["google_service_account_key"])
}

# METADATA
# scope: document
# title: KMS key is not rotated
# description: A key that never changes stays useful to whoever got it once.
# custom:
#   severity: low
#   remedy: Set rotation_period to 7776000s.
#   controls: ["CIS-GCP:1.10"]
kms_rotation contains lib.at(r, []) if {
	some r in all(["google_kms_crypto_key"])
	lib.off(lib.get(r, "rotation_period"))
	lib.text(r, "purpose") in {"", "ENCRYPT_DECRYPT"}
}

# METADATA
# scope: document
# title: Subnet has no flow logs
# description: Nobody can tell who talked to whom.
# custom:
#   severity: low
#   remedy: Set log_config.
#   controls: ["CIS-GCP:3.8"]
subnet_flow_logs contains lib.at(r, []) if {
	some r in all(["google_compute_subnetwork"])
	count(lib.blocks(r, "log_config")) == 0
	not lib.text(r, "purpose") in {"INTERNAL_HTTPS_LOAD_BALANCER", "REGIONAL_MANAGED_PROXY", "GLOBAL_MANAGED_PROXY"}
}

# METADATA
# scope: document
# title: Project has the default network
# description: Its firewall lets SSH and RDP in from everywhere.
# custom:
#   severity: low
#   remedy: Set auto_create_network to false.
#   controls: ["CIS-GCP:3.1"]
default_network contains lib.at(r, []) if {
	some r in all(["google_project"])
	not lib.maybe(lib.get(r, "auto_create_network"), {false, "false"})
}

# METADATA
# scope: document
# title: Dataset is not encrypted with a customer key
# description: Only a key of your own can be withdrawn.
# custom:
#   severity: info
#   remedy: Set default_encryption_configuration.
dataset_key contains lib.at(r, []) if {
	some r in all(["google_bigquery_dataset"])
	count(lib.blocks(r, "default_encryption_configuration")) == 0
}

# METADATA
# scope: document
# title: Load balancer takes old TLS
# description: TLS 1.0 and 1.1 have known weaknesses.
# custom:
#   severity: low
#   remedy: Set min_tls_version to TLS_1_2 and profile to MODERN.
#   controls: ["CIS-GCP:3.9"]
tls_policy contains lib.at(r, []) if {
	some r in all(["google_compute_ssl_policy"])
	not lib.maybe(object.get(r.attributes, "min_tls_version", "TLS_1_0"), {"TLS_1_2", "TLS_1_3"})
}
