package gatehouse.checks.azure

import data.gatehouse.lib

all(kinds) := [r |
	some kind in kinds
	some r in object.get(input.resources, kind, [])
]

accounts := all(["azurerm_storage_account"])

# METADATA
# scope: document
# title: Storage account answers over plain HTTP
# description: Requests, answers and keys can be read and changed on the way.
# custom:
#   severity: medium
#   remedy: Set https_traffic_only_enabled to true.
#   controls: ["CIS-Azure:3.1", "NIST-800-53:SC-8"]
storage_http contains lib.at(r, [name]) if {
	some r in accounts
	some name in {"https_traffic_only_enabled", "enable_https_traffic_only"}
	r.attributes[name] in {false, "false"}
}

# METADATA
# scope: document
# title: Storage account takes old TLS
# description: TLS 1.0 and 1.1 have known weaknesses.
# custom:
#   severity: low
#   remedy: Set min_tls_version to TLS1_2.
#   controls: ["CIS-Azure:3.15"]
storage_tls contains lib.at(r, ["min_tls_version"]) if {
	some r in accounts
	lib.text(r, "min_tls_version") in {"TLS1_0", "TLS1_1"}
}

# METADATA
# scope: document
# title: Blobs may be made public
# description: A container set to public can be read by everyone.
# custom:
#   severity: high
#   remedy: Set allow_nested_items_to_be_public to false.
#   controls: ["CIS-Azure:3.17", "NIST-800-53:AC-3"]
storage_public contains lib.at(r, [name]) if {
	some r in accounts
	some name in {"allow_nested_items_to_be_public", "allow_blob_public_access"}
	lib.on(lib.get(r, name))
}

# The provider allows it unless something is said.
storage_public contains lib.at(r, []) if {
	some r in accounts
	every name in {"allow_nested_items_to_be_public", "allow_blob_public_access"} { lib.get(r, name) == null }
}

storage_public contains lib.at(r, ["container_access_type"]) if {
	some r in all(["azurerm_storage_container"])
	lib.text(r, "container_access_type") in {"blob", "container"}
}

# METADATA
# scope: document
# title: Storage account is open to every network
# description: A leaked key can be used from anywhere.
# custom:
#   severity: medium
#   remedy: Set network_rules with default_action Deny, or public_network_access_enabled to false.
#   controls: ["CIS-Azure:3.8", "NIST-800-53:SC-7"]
storage_network contains lib.at(r, []) if {
	some r in accounts
	not lib.get(r, "public_network_access_enabled") in {false, "false"}
	not closed(r)
}

storage_network contains lib.at(r, ["default_action"]) if {
	some r in all(["azurerm_storage_account_network_rules"])
	lib.text(r, "default_action") == "Allow"
}

closed(r) if {
	some block in lib.blocks(r, "network_rules")
	lib.maybe(object.get(block, "default_action", "Allow"), {"Deny"})
}

closed(r) if count(lib.attached(r, "azurerm_storage_account_network_rules", "storage_account_id")) > 0

# METADATA
# scope: document
# title: Managed disk is not encrypted
# description: Disks and snapshots can be read by whoever gets hold of them.
# custom:
#   severity: medium
#   remedy: Remove encryption_settings.enabled = false, or set disk_encryption_set_id.
#   controls: ["NIST-800-53:SC-28"]
disk_encryption contains lib.at(r, ["encryption_settings", index]) if {
	some r in all(["azurerm_managed_disk"])
	some index, block in lib.blocks(r, "encryption_settings")
	block.enabled == false
}

disk_encryption contains lib.at(r, []) if {
	some r in all(["azurerm_managed_disk"])
	count(lib.blocks(r, "encryption_settings")) == 0
	lib.off(lib.get(r, "disk_encryption_set_id"))
}

machines := all(["azurerm_linux_virtual_machine", "azurerm_linux_virtual_machine_scale_set", "azurerm_virtual_machine"])

# METADATA
# scope: document
# title: Machine takes passwords
# description: Passwords are guessed.
# custom:
#   severity: medium
#   remedy: Set disable_password_authentication to true and give an SSH key.
#   controls: ["NIST-800-53:IA-2"]
vm_password contains lib.at(r, ["disable_password_authentication"]) if {
	some r in machines
	r.attributes.disable_password_authentication in {false, "false"}
}

vm_password contains lib.at(r, ["os_profile_linux_config", index]) if {
	some r in machines
	some index, block in lib.blocks(r, "os_profile_linux_config")
	block.disable_password_authentication in {false, "false"}
}

# METADATA
# scope: document
# title: Extensions may change the machine
# description: Whoever manages the subscription runs code on it.
# custom:
#   severity: low
#   remedy: Set allow_extension_operations to false.
vm_extensions contains lib.at(r, []) if {
	some r in all(["azurerm_linux_virtual_machine", "azurerm_windows_virtual_machine"])
	not lib.get(r, "allow_extension_operations") in {false, "false"}
	not lib.unknown(lib.get(r, "allow_extension_operations"))
}

# METADATA
# scope: document
# title: Password stands in the configuration
# description: It is in the repository, in every clone and in the state.
# custom:
#   severity: high
#   remedy: Take it from a key vault; change this one.
#   controls: ["NIST-800-53:IA-5"]
password_in_code contains lib.at(r, [name]) if {
	some r in all(["azurerm_linux_virtual_machine", "azurerm_windows_virtual_machine", "azurerm_sql_server", "azurerm_mssql_server", "azurerm_mysql_server", "azurerm_postgresql_server", "azurerm_mysql_flexible_server", "azurerm_postgresql_flexible_server"])
	some name in {"admin_password", "administrator_login_password", "administrator_password"}
	value := lib.text(r, name)
	value != ""
	not lib.unknown(value)
}

rules contains {"r": r, "path": ["security_rule", index], "rule": rule} if {
	some r in all(["azurerm_network_security_group"])
	some index, rule in lib.blocks(r, "security_rule")
}

rules contains {"r": r, "path": [], "rule": r.attributes} if {
	some r in all(["azurerm_network_security_rule"])
}

open(rule) if {
	lower(object.get(rule, "access", "")) == "allow"
	lower(object.get(rule, "direction", "")) == "inbound"
	some source in array.concat(lib.strings(object.get(rule, "source_address_prefix", [])), lib.strings(object.get(rule, "source_address_prefixes", [])))
	lower(source) in {"*", "0.0.0.0", "0.0.0.0/0", "/0", "internet", "any", "<nw>/0", "::/0"}
}

reaches(rule, port) if {
	some range in array.concat(texts(object.get(rule, "destination_port_range", [])), texts(object.get(rule, "destination_port_ranges", [])))
	in_range(range, port)
}

texts(value) := [sprintf("%v", [value])] if not is_array(value)

texts(value) := [sprintf("%v", [element]) | some element in value] if is_array(value)

in_range("*", _)

in_range(range, port) if to_number(range) == port

in_range(range, port) if {
	[first, last] := split(range, "-")
	to_number(first) <= port
	to_number(last) >= port
}

# METADATA
# scope: document
# title: SSH is open to the internet
# description: Port 22 is under attack within minutes of being reachable.
# custom:
#   severity: high
#   remedy: Allow the addresses of a bastion, or use Azure Bastion.
#   controls: ["CIS-Azure:6.2", "NIST-800-53:SC-7"]
ssh_open contains lib.at(e.r, e.path) if {
	some e in rules
	open(e.rule)
	lower(object.get(e.rule, "protocol", "*")) in {"tcp", "*"}
	reaches(e.rule, 22)
}

# METADATA
# scope: document
# title: RDP is open to the internet
# description: Port 3389 is a common way in for ransomware.
# custom:
#   severity: high
#   remedy: Allow the addresses of a bastion, or use Azure Bastion.
#   controls: ["CIS-Azure:6.1", "NIST-800-53:SC-7"]
rdp_open contains lib.at(e.r, e.path) if {
	some e in rules
	open(e.rule)
	lower(object.get(e.rule, "protocol", "*")) in {"tcp", "*"}
	reaches(e.rule, 3389)
}

# METADATA
# scope: document
# title: Flow logs are kept for less than 90 days
# description: An attack is often noticed after months.
# custom:
#   severity: low
#   remedy: Set retention_policy.days to 90 or more.
#   controls: ["CIS-Azure:6.5"]
flow_log_retention contains lib.at(r, ["retention_policy", index]) if {
	some r in all(["azurerm_network_watcher_flow_log"])
	some index, block in lib.blocks(r, "retention_policy")
	short(block)
}

short(block) if block.enabled == false

short(block) if {
	is_number(block.days)
	block.days > 0
	block.days < 90
}

servers := all(["azurerm_mysql_server", "azurerm_postgresql_server", "azurerm_mariadb_server"])

# METADATA
# scope: document
# title: Database takes plain connections
# description: Queries, answers and passwords can be read on the way.
# custom:
#   severity: medium
#   remedy: Set ssl_enforcement_enabled to true.
#   controls: ["CIS-Azure:4.3.1", "NIST-800-53:SC-8"]
database_tls contains lib.at(r, ["ssl_enforcement_enabled"]) if {
	some r in servers
	r.attributes.ssl_enforcement_enabled in {false, "false"}
}

# METADATA
# scope: document
# title: Database takes old TLS
# description: TLS 1.0 and 1.1 have known weaknesses.
# custom:
#   severity: low
#   remedy: Set the minimum version to 1.2.
database_old_tls contains lib.at(r, [name]) if {
	some r in all(["azurerm_mssql_server", "azurerm_mysql_server", "azurerm_postgresql_server"])
	some name in {"minimum_tls_version", "ssl_minimal_tls_version_enforced"}
	value := lib.text(r, name)
	value in {"1.0", "1.1", "TLS1_0", "TLS1_1", "Disabled", "TLSEnforcementDisabled"}
}

# METADATA
# scope: document
# title: Database server has a public address
# description: A database that the internet can reach is one weak password away from being copied.
# custom:
#   severity: medium
#   remedy: Set public_network_access_enabled to false.
#   controls: ["NIST-800-53:SC-7"]
database_public contains lib.at(r, []) if {
	some r in array.concat(servers, all(["azurerm_mssql_server", "azurerm_sql_server", "azurerm_cosmosdb_account"]))
	not lib.get(r, "public_network_access_enabled") in {false, "false"}
	not lib.unknown(lib.get(r, "public_network_access_enabled"))
}

# METADATA
# scope: document
# title: Database lets every address in
# description: 0.0.0.0 to 255.255.255.255 is everyone, and 0.0.0.0 alone every customer of Azure.
# custom:
#   severity: high
#   remedy: Name the addresses of the clients.
#   controls: ["CIS-Azure:4.1.2"]
database_firewall contains lib.at(r, ["start_ip_address"]) if {
	some r in all(["azurerm_sql_firewall_rule", "azurerm_mssql_firewall_rule", "azurerm_mysql_firewall_rule", "azurerm_postgresql_firewall_rule"])
	r.attributes.start_ip_address == "0.0.0.0"
}

# METADATA
# scope: document
# title: Backups of the database stay in one region
# description: A region that fails takes them with it.
# custom:
#   severity: low
#   remedy: Set geo_redundant_backup_enabled to true.
database_backup contains lib.at(r, []) if {
	some r in servers
	lib.off(lib.get(r, "geo_redundant_backup_enabled"))
}

# METADATA
# scope: document
# title: PostgreSQL does not log what is needed
# description: Without these logs attacks cannot be told from use.
# custom:
#   severity: low
#   remedy: Set the parameter to on.
#   controls: ["CIS-Azure:4.3.2"]
postgres_logging contains lib.at(r, ["value"]) if {
	some r in all(["azurerm_postgresql_configuration"])
	lib.text(r, "name") in {"log_checkpoints", "log_connections", "log_disconnections", "connection_throttling", "log_duration"}
	lower(lib.text(r, "value")) == "off"
}

# METADATA
# scope: document
# title: SQL server is not audited
# description: Nobody can tell who read what.
# custom:
#   severity: low
#   remedy: Add an extended auditing policy.
#   controls: ["CIS-Azure:4.1.1", "NIST-800-53:AU-2"]
sql_auditing contains lib.at(r, []) if {
	some r in all(["azurerm_sql_server", "azurerm_mssql_server"])
	count(lib.blocks(r, "extended_auditing_policy")) == 0
	count(lib.linked(r, "azurerm_mssql_server_extended_auditing_policy")) == 0
}

# METADATA
# scope: document
# title: Threat alerts of SQL are off or partial
# description: Injection and odd logins alert nobody.
# custom:
#   severity: low
#   remedy: Enable the policy, with no disabled alerts, and e-mail to admins.
#   controls: ["CIS-Azure:4.2.1"]
alert_policy contains lib.at(r, ["disabled_alerts"]) if {
	some r in all(["azurerm_mssql_server_security_alert_policy"])
	count(lib.strings(object.get(r.attributes, "disabled_alerts", []))) > 0
}

alert_policy contains lib.at(r, ["state"]) if {
	some r in all(["azurerm_mssql_server_security_alert_policy"])
	lib.text(r, "state") == "Disabled"
}

vaults := all(["azurerm_key_vault"])

# METADATA
# scope: document
# title: Key vault can be purged
# description: What is purged is gone, and everything that it encrypts with it.
# custom:
#   severity: medium
#   remedy: Set purge_protection_enabled to true.
#   controls: ["CIS-Azure:8.5"]
vault_purge contains lib.at(r, []) if {
	some r in vaults
	lib.off(lib.get(r, "purge_protection_enabled"))
}

# METADATA
# scope: document
# title: Key vault is open to every network
# description: A leaked credential can be used from anywhere.
# custom:
#   severity: medium
#   remedy: Set network_acls with default_action Deny.
#   controls: ["NIST-800-53:SC-7"]
vault_network contains lib.at(r, []) if {
	some r in vaults
	not vault_closed(r)
	not lib.get(r, "public_network_access_enabled") in {false, "false"}
}

vault_closed(r) if {
	some block in lib.blocks(r, "network_acls")
	lib.maybe(object.get(block, "default_action", "Allow"), {"Deny"})
}

# METADATA
# scope: document
# title: Key or secret never expires
# description: What never expires is never changed.
# custom:
#   severity: low
#   remedy: Set expiration_date.
#   controls: ["CIS-Azure:8.1"]
vault_expiry contains lib.at(r, []) if {
	some r in all(["azurerm_key_vault_key", "azurerm_key_vault_secret"])
	lib.off(lib.get(r, "expiration_date"))
}

# METADATA
# scope: document
# title: Secret does not say what it is
# description: Who finds it cannot tell how to rotate it.
# custom:
#   severity: info
#   remedy: Set content_type.
secret_type contains lib.at(r, []) if {
	some r in all(["azurerm_key_vault_secret"])
	lib.off(lib.get(r, "content_type"))
}

apps := all(["azurerm_app_service", "azurerm_linux_web_app", "azurerm_windows_web_app", "azurerm_function_app", "azurerm_linux_function_app", "azurerm_windows_function_app"])

# METADATA
# scope: document
# title: Web app answers over plain HTTP
# description: Requests, answers and cookies can be read and changed on the way.
# custom:
#   severity: medium
#   remedy: Set https_only to true.
#   controls: ["CIS-Azure:9.2", "NIST-800-53:SC-8"]
app_https contains lib.at(r, []) if {
	some r in apps
	lib.off(lib.get(r, "https_only"))
}

# METADATA
# scope: document
# title: Web app takes old TLS
# description: TLS 1.0 and 1.1 have known weaknesses.
# custom:
#   severity: low
#   remedy: Set site_config.min_tls_version to 1.2.
#   controls: ["CIS-Azure:9.3"]
app_tls contains lib.at(r, ["site_config", index]) if {
	some r in apps
	some index, block in lib.blocks(r, "site_config")
	some name in {"min_tls_version", "minimum_tls_version"}
	block[name] in {"1.0", "1.1", 1.0, 1.1, 1}
}

# METADATA
# scope: document
# title: Web app has no authentication of the platform
# description: The app is the only one who asks for credentials.
# custom:
#   severity: info
#   remedy: Set auth_settings.enabled to true, where the app is not for everyone.
#   controls: ["CIS-Azure:9.1"]
app_authentication contains lib.at(r, []) if {
	some r in apps
	not authenticated(r)
}

authenticated(r) if {
	some name in ["auth_settings", "auth_settings_v2"]
	some block in lib.blocks(r, name)
	not lib.off(object.get(block, "enabled", object.get(block, "auth_enabled", false)))
}

# METADATA
# scope: document
# title: Web app asks for no client certificate
# description: Certificates keep out who has no business with an internal app.
# custom:
#   severity: info
#   remedy: Set client_cert_enabled to true.
app_client_certificate contains lib.at(r, []) if {
	some r in apps
	lib.off(object.get(r.attributes, "client_cert_enabled", lib.get(r, "client_certificate_enabled")))
}

# METADATA
# scope: document
# title: Web app has no identity
# description: Without one, the app needs keys that are kept somewhere.
# custom:
#   severity: info
#   remedy: Set identity.
app_identity contains lib.at(r, []) if {
	some r in apps
	count(lib.blocks(r, "identity")) == 0
}

# METADATA
# scope: document
# title: Web app answers every origin
# description: Any site may use a visitor's session.
# custom:
#   severity: medium
#   remedy: Name the origins.
app_cors contains lib.at(r, ["site_config", index]) if {
	some r in apps
	some index, block in lib.blocks(r, "site_config")
	some cors in lib.list(object.get(block, "cors", []))
	"*" in cors.allowed_origins
}

clusters := all(["azurerm_kubernetes_cluster"])

# METADATA
# scope: document
# title: Kubernetes cluster has no roles
# description: Whoever gets in may do everything.
# custom:
#   severity: high
#   remedy: Set role_based_access_control_enabled to true.
#   controls: ["CIS-AKS:5.1.1"]
aks_rbac contains lib.at(r, ["role_based_access_control_enabled"]) if {
	some r in clusters
	r.attributes.role_based_access_control_enabled == false
}

aks_rbac contains lib.at(r, ["role_based_access_control", index]) if {
	some r in clusters
	some index, block in lib.blocks(r, "role_based_access_control")
	block.enabled == false
}

# METADATA
# scope: document
# title: Kubernetes API is open to the internet
# description: Every flaw of the API server, and every stolen token, can be used from anywhere.
# custom:
#   severity: medium
#   remedy: Set api_server_access_profile.authorized_ip_ranges, or private_cluster_enabled.
#   controls: ["CIS-AKS:5.4.1"]
aks_open contains lib.at(r, []) if {
	some r in clusters
	not lib.on(lib.get(r, "private_cluster_enabled"))
	not limited(object.get(r.attributes, "api_server_authorized_ip_ranges", []))
	every block in lib.blocks(r, "api_server_access_profile") {
		not limited(object.get(block, "authorized_ip_ranges", []))
	}
}

# Ranges that leave someone out.
limited(ranges) if {
	count(lib.strings(ranges)) > 0
	every range in lib.strings(ranges) { not lib.internet(range) }
}

# METADATA
# scope: document
# title: Kubernetes cluster has no network policies
# description: Every pod reaches every other.
# custom:
#   severity: low
#   remedy: Set network_profile.network_policy.
aks_network_policy contains lib.at(r, []) if {
	some r in clusters
	not policed(r)
}

policed(r) if {
	some block in lib.blocks(r, "network_profile")
	not lib.off(object.get(block, "network_policy", null))
}

# METADATA
# scope: document
# title: Kubernetes cluster is not monitored
# description: Nobody can tell what happened in it.
# custom:
#   severity: low
#   remedy: Set oms_agent.
aks_monitoring contains lib.at(r, []) if {
	some r in clusters
	not monitored(r)
}

monitored(r) if {
	some block in lib.blocks(r, "oms_agent")
	not object.get(block, "enabled", true) == false
}

monitored(r) if {
	some addon in lib.blocks(r, "addon_profile")
	some block in lib.list(object.get(addon, "oms_agent", []))
	not object.get(block, "enabled", true) == false
}

# METADATA
# scope: document
# title: Kubernetes dashboard is on
# description: The dashboard has been the way into many clusters.
# custom:
#   severity: medium
#   remedy: Disable kube_dashboard.
aks_dashboard contains lib.at(r, ["addon_profile", index]) if {
	some r in clusters
	some index, addon in lib.blocks(r, "addon_profile")
	some block in lib.list(object.get(addon, "kube_dashboard", []))
	block.enabled == true
}

# METADATA
# scope: document
# title: Custom role allows everything
# description: Whoever has the role owns its scope.
# custom:
#   severity: high
#   remedy: List the actions that are needed.
#   controls: ["CIS-Azure:1.21"]
role_everything contains lib.at(r, ["permissions", index]) if {
	some r in all(["azurerm_role_definition"])
	some index, block in lib.blocks(r, "permissions")
	"*" in object.get(block, "actions", [])
}

# METADATA
# scope: document
# title: Activity log is not kept for a year
# description: An attack is often noticed after months.
# custom:
#   severity: low
#   remedy: Set retention_policy.days to 365.
#   controls: ["CIS-Azure:5.1.2"]
log_profile contains lib.at(r, ["retention_policy", index]) if {
	some r in all(["azurerm_monitor_log_profile"])
	some index, block in lib.blocks(r, "retention_policy")
	is_number(block.days)
	block.days > 0
	block.days < 365
}

# METADATA
# scope: document
# title: Defender is on its free tier
# description: It watches nothing.
# custom:
#   severity: low
#   remedy: Set tier to Standard.
#   controls: ["CIS-Azure:2.1"]
defender_free contains lib.at(r, ["tier"]) if {
	some r in all(["azurerm_security_center_subscription_pricing"])
	lib.text(r, "tier") == "Free"
}

# METADATA
# scope: document
# title: Nobody is told of alerts
# description: Alerts that reach nobody help nobody.
# custom:
#   severity: info
#   remedy: Set phone, alert_notifications and alerts_to_admins.
#   controls: ["CIS-Azure:2.1.18"]
security_contact contains lib.at(r, [name]) if {
	some r in all(["azurerm_security_center_contact"])
	some name in {"alert_notifications", "alerts_to_admins"}
	r.attributes[name] == false
}

# METADATA
# scope: document
# title: Application gateway has no firewall
# description: Known attacks reach the application.
# custom:
#   severity: low
#   remedy: Set waf_configuration or firewall_policy_id.
gateway_firewall contains lib.at(r, []) if {
	some r in all(["azurerm_application_gateway"])
	every block in lib.blocks(r, "waf_configuration") { lib.off(object.get(block, "enabled", true)) }
	lib.off(lib.get(r, "firewall_policy_id"))
}
