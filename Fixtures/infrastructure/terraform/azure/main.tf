# silent: azure-storage-http, azure-storage-tls, azure-storage-public, azure-storage-network
resource "azurerm_storage_account" "sound" {
  https_traffic_only_enabled      = true
  min_tls_version                 = "TLS1_2"
  allow_nested_items_to_be_public = false
  network_rules {
    default_action = "Deny"
  }
}

# fires: azure-storage-network
resource "azurerm_storage_account" "at_fault" {
  https_traffic_only_enabled      = false # fires: azure-storage-http
  min_tls_version                 = "TLS1_1" # fires: azure-storage-tls
  allow_nested_items_to_be_public = true # fires: azure-storage-public
  network_rules {
    default_action = "Allow"
  }
}

# The provider allows public blobs, and every network, unless something is said.
# fires: azure-storage-public, azure-storage-network
resource "azurerm_storage_account" "bare" {
}

# silent: azure-storage-http, azure-storage-tls
resource "azurerm_storage_account" "by_default" {
}

# silent: azure-storage-network
resource "azurerm_storage_account" "private" {
  public_network_access_enabled = false
}

resource "azurerm_storage_container" "listed" {
  name                  = "photos"
  container_access_type = "container" # fires: azure-storage-public
}

# silent: azure-storage-public
resource "azurerm_storage_container" "unlisted" {
  name                  = "photos"
  container_access_type = "private"
}

resource "azurerm_managed_disk" "plain" {
  encryption_settings { # fires: azure-disk-encryption
    enabled = false
  }
}

# silent: azure-disk-encryption
resource "azurerm_managed_disk" "encrypted" {
  encryption_settings {
    enabled = true
  }
}

# silent: azure-vm-password, azure-vm-extensions, azure-password-in-code
resource "azurerm_linux_virtual_machine" "sound" {
  disable_password_authentication = true
  allow_extension_operations      = false
}

# fires: azure-vm-extensions
resource "azurerm_linux_virtual_machine" "at_fault" {
  disable_password_authentication = false # fires: azure-vm-password
  admin_password                  = "not a real one" # fires: azure-password-in-code
}

# silent: azure-password-in-code
resource "azurerm_linux_virtual_machine" "from_a_vault" {
  admin_password = data.azurerm_key_vault_secret.machine.value
}

resource "azurerm_network_security_group" "fronts" {
  security_rule { # fires: azure-ssh-open
    name                       = "ssh"
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    source_address_prefix      = "*"
    destination_port_range     = "22"
    destination_address_prefix = "*"
  }
  # silent: azure-ssh-open
  security_rule {
    name                       = "ssh-from-the-office"
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    source_address_prefix      = "192.0.2.0/24"
    destination_port_range     = "22"
    destination_address_prefix = "*"
  }
  security_rule { # fires: azure-rdp-open
    name                       = "rdp"
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "*"
    source_address_prefix      = "Internet"
    destination_port_ranges    = ["443", "3380-3390"]
    destination_address_prefix = "*"
  }
  # silent: azure-rdp-open
  security_rule {
    name                       = "no-rdp"
    direction                  = "Inbound"
    access                     = "Deny"
    protocol                   = "*"
    source_address_prefix      = "Internet"
    destination_port_ranges    = ["443", "3380-3390"]
    destination_address_prefix = "*"
  }
}

resource "azurerm_network_watcher_flow_log" "a_week" {
  retention_policy { # fires: azure-flow-log-retention
    enabled = true
    days    = 7
  }
}

# silent: azure-flow-log-retention
resource "azurerm_network_watcher_flow_log" "a_quarter" {
  retention_policy {
    enabled = true
    days    = 90
  }
}

# silent: azure-database-tls, azure-database-old-tls, azure-database-public, azure-database-backup
resource "azurerm_postgresql_server" "sound" {
  ssl_enforcement_enabled          = true
  ssl_minimal_tls_version_enforced = "TLS1_2"
  public_network_access_enabled    = false
  geo_redundant_backup_enabled     = true
}

# fires: azure-database-public, azure-database-backup
resource "azurerm_postgresql_server" "at_fault" {
  ssl_enforcement_enabled          = false # fires: azure-database-tls
  ssl_minimal_tls_version_enforced = "TLS1_1" # fires: azure-database-old-tls
}

resource "azurerm_mssql_firewall_rule" "everyone" {
  start_ip_address = "0.0.0.0" # fires: azure-database-firewall
  end_ip_address   = "255.255.255.255"
}

# silent: azure-database-firewall
resource "azurerm_mssql_firewall_rule" "office" {
  start_ip_address = "192.0.2.1"
  end_ip_address   = "192.0.2.9"
}

resource "azurerm_postgresql_configuration" "quiet" {
  name  = "log_connections"
  value = "off" # fires: azure-postgres-logging
}

# silent: azure-postgres-logging
resource "azurerm_postgresql_configuration" "told" {
  name  = "log_connections"
  value = "on"
}

# fires: azure-sql-auditing
resource "azurerm_mssql_server" "unwatched" {
}

# silent: azure-sql-auditing
resource "azurerm_mssql_server" "watched" {
}

resource "azurerm_mssql_server_extended_auditing_policy" "watched" {
  server_id = azurerm_mssql_server.watched.id
}

resource "azurerm_mssql_server_security_alert_policy" "off" {
  state = "Disabled" # fires: azure-alert-policy
}

resource "azurerm_mssql_server_security_alert_policy" "some" {
  state           = "Enabled"
  disabled_alerts = ["Sql_Injection"] # fires: azure-alert-policy
}

# silent: azure-alert-policy
resource "azurerm_mssql_server_security_alert_policy" "all" {
  state           = "Enabled"
  disabled_alerts = []
}

# silent: azure-vault-purge, azure-vault-network
resource "azurerm_key_vault" "sound" {
  purge_protection_enabled = true
  network_acls {
    bypass         = "AzureServices"
    default_action = "Deny"
  }
}

# fires: azure-vault-purge, azure-vault-network
resource "azurerm_key_vault" "at_fault" {
  purge_protection_enabled = false
  network_acls {
    bypass         = "AzureServices"
    default_action = "Allow"
  }
}

# silent: azure-vault-expiry, azure-secret-type
resource "azurerm_key_vault_secret" "sound" {
  value           = random_password.machine.result
  content_type    = "password of the machine"
  expiration_date = "2030-01-01T00:00:00Z"
}

# fires: azure-vault-expiry, azure-secret-type
resource "azurerm_key_vault_secret" "bare" {
  value = random_password.machine.result
}

# silent: azure-app-https, azure-app-tls, azure-app-authentication, azure-app-client-certificate, azure-app-identity
# silent: azure-app-cors
resource "azurerm_linux_web_app" "sound" {
  https_only                 = true
  client_certificate_enabled = true
  site_config {
    minimum_tls_version = "1.2"
    cors {
      allowed_origins = ["https://shop.example"]
    }
  }
  auth_settings_v2 {
    auth_enabled = true
  }
  identity {
    type = "SystemAssigned"
  }
}

# fires: azure-app-https, azure-app-client-certificate, azure-app-identity, azure-app-authentication
resource "azurerm_linux_web_app" "at_fault" {
  https_only                 = false
  client_certificate_enabled = false
  site_config { # fires: azure-app-tls, azure-app-cors
    minimum_tls_version = "1.0"
    cors {
      allowed_origins = ["*"]
    }
  }
  auth_settings_v2 {
    auth_enabled = false
  }
}

# The block alone turns nothing on.
# fires: azure-app-authentication
resource "azurerm_linux_web_app" "half_done" {
  auth_settings_v2 {
    require_authentication = true
  }
}

# silent: azure-aks-rbac, azure-aks-open, azure-aks-network-policy, azure-aks-monitoring, azure-aks-dashboard
resource "azurerm_kubernetes_cluster" "sound" {
  role_based_access_control_enabled = true
  api_server_access_profile {
    authorized_ip_ranges = ["192.0.2.0/24"]
  }
  network_profile {
    network_plugin = "azure"
    network_policy = "azure"
  }
  oms_agent {
    log_analytics_workspace_id = "workspace"
  }
  addon_profile {
    kube_dashboard {
      enabled = false
    }
  }
}

# fires: azure-aks-open, azure-aks-network-policy, azure-aks-monitoring
resource "azurerm_kubernetes_cluster" "at_fault" {
  role_based_access_control_enabled = false # fires: azure-aks-rbac
  network_profile {
    network_plugin = "azure"
  }
  addon_profile { # fires: azure-aks-dashboard
    kube_dashboard {
      enabled = true
    }
  }
}

# fires: azure-aks-open
resource "azurerm_kubernetes_cluster" "for_every_address" {
  api_server_access_profile {
    authorized_ip_ranges = ["0.0.0.0/0"]
  }
}

# silent: azure-aks-open
resource "azurerm_kubernetes_cluster" "private" {
  private_cluster_enabled = true
}

resource "azurerm_role_definition" "everything" {
  permissions { # fires: azure-role-everything
    actions = ["*"]
  }
}

# silent: azure-role-everything
resource "azurerm_role_definition" "reads_machines" {
  permissions {
    actions = ["Microsoft.Compute/virtualMachines/read"]
  }
}

resource "azurerm_monitor_log_profile" "a_month" {
  retention_policy { # fires: azure-log-profile
    enabled = true
    days    = 30
  }
}

# silent: azure-log-profile
resource "azurerm_monitor_log_profile" "a_year" {
  retention_policy {
    enabled = true
    days    = 365
  }
}

# Without a number of days it is kept for ever.
# silent: azure-log-profile
resource "azurerm_monitor_log_profile" "for_ever" {
  retention_policy {
    enabled = false
    days    = 0
  }
}

resource "azurerm_security_center_subscription_pricing" "free" {
  tier = "Free" # fires: azure-defender-free
}

# silent: azure-defender-free
resource "azurerm_security_center_subscription_pricing" "paid" {
  tier = "Standard"
}

resource "azurerm_security_center_contact" "quiet" {
  alert_notifications = false # fires: azure-security-contact
  alerts_to_admins    = true
}

# silent: azure-security-contact
resource "azurerm_security_center_contact" "told" {
  alert_notifications = true
  alerts_to_admins    = true
}

# fires: azure-gateway-firewall
resource "azurerm_application_gateway" "open" {
  waf_configuration {
    enabled       = false
    firewall_mode = "Prevention"
  }
}

# silent: azure-gateway-firewall
resource "azurerm_application_gateway" "behind_a_firewall" {
  waf_configuration {
    enabled       = true
    firewall_mode = "Prevention"
  }
}

# silent: azure-gateway-firewall
resource "azurerm_application_gateway" "behind_a_policy" {
  firewall_policy_id = "policy"
}
