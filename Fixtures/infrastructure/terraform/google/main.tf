resource "google_storage_bucket_iam_member" "everyone" {
  bucket = "photos"
  role   = "roles/storage.objectViewer"
  member = "allUsers" # fires: google-bucket-public
}

# silent: google-bucket-public
resource "google_storage_bucket_iam_member" "a_group" {
  bucket = "photos"
  role   = "roles/storage.objectViewer"
  member = "group:shop@example.org"
}

# silent: google-bucket-access, google-bucket-versioning, google-bucket-logs, google-bucket-prevention
resource "google_storage_bucket" "sound" {
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  versioning {
    enabled = true
  }
  logging {
    log_bucket = "logs"
  }
}

# fires: google-bucket-access, google-bucket-versioning, google-bucket-logs, google-bucket-prevention
resource "google_storage_bucket" "at_fault" {
  uniform_bucket_level_access = false
  public_access_prevention    = "inherited"
  versioning {
    enabled = false
  }
}

resource "google_compute_firewall" "ssh" {
  source_ranges = ["0.0.0.0/0"] # fires: google-ssh-open
  allow {
    protocol = "tcp"
    ports    = ["22"]
  }
}

# silent: google-ssh-open
resource "google_compute_firewall" "ssh_by_proxy" {
  source_ranges = ["35.235.240.0/20"]
  allow {
    protocol = "tcp"
    ports    = ["22"]
  }
}

resource "google_compute_firewall" "rdp" {
  source_ranges = ["0.0.0.0/0"] # fires: google-rdp-open
  allow {
    protocol = "tcp"
    ports    = ["3380-3390"]
  }
}

# silent: google-rdp-open
resource "google_compute_firewall" "rdp_by_proxy" {
  source_ranges = ["35.235.240.0/20"]
  allow {
    protocol = "tcp"
    ports    = ["3380-3390"]
  }
}

resource "google_compute_firewall" "database" {
  source_ranges = ["0.0.0.0/0"] # fires: google-sensitive-port-open
  allow {
    protocol = "tcp"
    ports    = ["5432"]
  }
}

# silent: google-sensitive-port-open
resource "google_compute_firewall" "https" {
  source_ranges = ["0.0.0.0/0"]
  allow {
    protocol = "tcp"
    ports    = ["443"]
  }
}

# silent: google-ssh-open, google-rdp-open, google-sensitive-port-open
resource "google_compute_firewall" "leaves" {
  direction     = "EGRESS"
  source_ranges = ["0.0.0.0/0"]
  allow {
    protocol = "all"
  }
}

# silent: google-vm-public-ip, google-vm-serial-port, google-vm-project-keys, google-vm-os-login
# silent: google-vm-forwarding, google-vm-shielded, google-vm-default-account, google-vm-full-access
resource "google_compute_instance" "sound" {
  can_ip_forward = false
  metadata = {
    serial-port-enable     = "FALSE"
    block-project-ssh-keys = "TRUE"
    enable-oslogin         = "TRUE"
  }
  network_interface {
    network = "shop"
  }
  shielded_instance_config {
    enable_secure_boot = true
  }
  service_account {
    email  = "web@shop.iam.gserviceaccount.com"
    scopes = ["cloud-platform"]
  }
}

# fires: google-vm-shielded, google-vm-project-keys, google-vm-default-account
resource "google_compute_instance" "at_fault" {
  can_ip_forward = true # fires: google-vm-forwarding
  metadata = {
    serial-port-enable     = "TRUE" # fires: google-vm-serial-port
    block-project-ssh-keys = "FALSE"
    enable-oslogin         = "FALSE" # fires: google-vm-os-login
  }
  network_interface { # fires: google-vm-public-ip
    network = "shop"
    access_config {
    }
  }
  service_account { # fires: google-vm-full-access
    scopes = ["cloud-platform"]
  }
}

# fires: google-disk-key
resource "google_compute_disk" "keyed_by_google" {
  name = "files"
}

# silent: google-disk-key
resource "google_compute_disk" "keyed_by_us" {
  name = "files"
  disk_encryption_key {
    kms_key_self_link = "projects/shop/locations/eu/keyRings/main/cryptoKeys/disks"
  }
}

# silent: google-sql-tls, google-sql-open, google-sql-public, google-sql-backup
resource "google_sql_database_instance" "sound" {
  settings {
    ip_configuration {
      ipv4_enabled    = false
      private_network = "shop"
      ssl_mode        = "ENCRYPTED_ONLY"
      authorized_networks {
        value = "192.0.2.0/24"
      }
    }
    backup_configuration {
      enabled = true
    }
  }
}

# fires: google-sql-tls, google-sql-backup
resource "google_sql_database_instance" "at_fault" {
  settings {
    ip_configuration {
      ipv4_enabled = true # fires: google-sql-public
      ssl_mode     = "ALLOW_UNENCRYPTED_AND_ENCRYPTED"
      authorized_networks { # fires: google-sql-open
        value = "0.0.0.0/0"
      }
    }
    backup_configuration {
      enabled = false
    }
  }
}

# What says nothing has a public address.
resource "google_sql_database_instance" "bare" {
  settings { # fires: google-sql-public
    tier = "db-f1-micro"
  }
}

# silent: google-gke-legacy-auth, google-gke-open, google-gke-private-nodes, google-gke-network-policy
# silent: google-gke-logging, google-gke-client-certificate, google-gke-node-metadata
resource "google_container_cluster" "sound" {
  enable_legacy_abac = false
  logging_service    = "logging.googleapis.com/kubernetes"
  master_authorized_networks_config {
    cidr_blocks {
      cidr_block = "192.0.2.0/24"
    }
  }
  private_cluster_config {
    enable_private_nodes = true
  }
  network_policy {
    enabled = true
  }
  master_auth {
    client_certificate_config {
      issue_client_certificate = false
    }
  }
  node_config {
    workload_metadata_config {
      mode = "GKE_METADATA"
    }
  }
}

# fires: google-gke-private-nodes, google-gke-network-policy
resource "google_container_cluster" "at_fault" {
  enable_legacy_abac = true # fires: google-gke-legacy-auth
  logging_service    = "none" # fires: google-gke-logging
  master_authorized_networks_config { # fires: google-gke-open
    cidr_blocks {
      cidr_block = "0.0.0.0/0"
    }
  }
  private_cluster_config {
    enable_private_nodes = false
  }
  network_policy {
    enabled = false
  }
  master_auth { # fires: google-gke-client-certificate
    client_certificate_config {
      issue_client_certificate = true
    }
  }
  node_config { # fires: google-gke-node-metadata
    workload_metadata_config {
      mode = "GCE_METADATA"
    }
  }
}

# fires: google-gke-open
resource "google_container_cluster" "bare" {
}

# Autopilot enforces network policies.
# silent: google-gke-network-policy
resource "google_container_cluster" "autopilot" {
  enable_autopilot = true
}

resource "google_container_node_pool" "left_alone" {
  management { # fires: google-gke-repair
    auto_repair  = true
    auto_upgrade = false
  }
}

# silent: google-gke-repair
resource "google_container_node_pool" "looked_after" {
  management {
    auto_repair  = true
    auto_upgrade = true
  }
}

resource "google_project_iam_member" "editor" {
  role   = "roles/editor" # fires: google-project-role
  member = "group:shop@example.org"
}

# silent: google-project-role
resource "google_project_iam_member" "viewer" {
  role   = "roles/logging.viewer"
  member = "group:shop@example.org"
}

# fires: google-account-key
resource "google_service_account_key" "robot" {
  service_account_id = google_service_account.robot.name
}

# silent: google-account-key
resource "google_service_account" "robot" {
  account_id = "robot"
}

# fires: google-kms-rotation
resource "google_kms_crypto_key" "stale" {
  name = "files"
}

# silent: google-kms-rotation
resource "google_kms_crypto_key" "rotated" {
  name            = "files"
  rotation_period = "7776000s"
}

# Only keys that encrypt are rotated.
# silent: google-kms-rotation
resource "google_kms_crypto_key" "vouches" {
  name    = "tokens"
  purpose = "MAC"
}

# fires: google-subnet-flow-logs
resource "google_compute_subnetwork" "unrecorded" {
  network = "shop"
}

# silent: google-subnet-flow-logs
resource "google_compute_subnetwork" "recorded" {
  network = "shop"
  log_config {
    aggregation_interval = "INTERVAL_5_SEC"
  }
}

# Subnets of proxies have none.
# silent: google-subnet-flow-logs
resource "google_compute_subnetwork" "proxies" {
  network = "shop"
  purpose = "GLOBAL_MANAGED_PROXY"
}

# fires: google-default-network
resource "google_project" "with_a_network" {
  project_id = "shop"
}

# silent: google-default-network
resource "google_project" "without_a_network" {
  project_id          = "shop"
  auto_create_network = false
}

# fires: google-dataset-key
resource "google_bigquery_dataset" "keyed_by_google" {
  dataset_id = "orders"
}

# silent: google-dataset-key, google-bucket-public
resource "google_bigquery_dataset" "keyed_by_us" {
  dataset_id = "orders"
  default_encryption_configuration {
    kms_key_name = "projects/shop/locations/eu/keyRings/main/cryptoKeys/data"
  }
  access {
    role          = "READER"
    special_group = "projectReaders"
  }
}

resource "google_bigquery_dataset" "everyone" {
  dataset_id = "orders"
  access { # fires: google-bucket-public
    role          = "READER"
    special_group = "allAuthenticatedUsers"
  }
}

# fires: google-tls-policy
resource "google_compute_ssl_policy" "old" {
  min_tls_version = "TLS_1_1"
}

# silent: google-tls-policy
resource "google_compute_ssl_policy" "new" {
  min_tls_version = "TLS_1_2"
}
