package gatehouse.checks.compose

import data.gatehouse.lib

services := object.get(input.resources, "compose.service", [])

# METADATA
# scope: document
# title: Service is privileged
# description: "A privileged container has every capability and every device: it owns its host."
# custom:
#   severity: critical
#   remedy: Remove privileged.
#   fix:
#     - base: "found"
#       set: {"": false}
#       risk: "What the service did with all devices and capabilities fails."
privileged contains lib.at(r, ["privileged"]) if {
	some r in services
	lib.on(lib.get(r, "privileged"))
}

# METADATA
# scope: document
# title: Service mounts the container runtime's socket
# description: Whoever talks to the socket starts privileged containers.
# custom:
#   severity: critical
#   remedy: Remove the mount, or put a filtering proxy before it.
#   fix:
#     - base: "found"
#       remove: [""]
#       risk: "The service can no longer talk to the container runtime."
docker_socket contains lib.at(r, ["volumes", index]) if {
	some r in services
	some index, volume in object.get(r.attributes, "volumes", [])
	regex.match(`(docker|containerd|crio|podman)\.sock`, mount_source(volume))
}

mount_source(volume) := split(volume, ":")[0] if is_string(volume)

mount_source(volume) := object.get(volume, "source", "") if is_object(volume)

# METADATA
# scope: document
# title: Service mounts a folder of the system
# description: Through the host's files a container changes what the host runs.
# custom:
#   severity: medium
#   remedy: Mount what is needed only, and read-only.
host_folder contains lib.at(r, ["volumes", index]) if {
	some r in services
	some index, volume in object.get(r.attributes, "volumes", [])
	regex.match(`^/(etc|proc|sys|root|boot|dev|usr|var/lib/docker)?/?$`, mount_source(volume))
}

# METADATA
# scope: document
# title: Service shares a namespace of its host
# description: It sees and reaches what belongs to others.
# custom:
#   severity: high
#   remedy: Remove network_mode, pid and ipc with the value host.
#   fix:
#     - base: "found"
#       remove: [""]
#       risk: "What the service did with its host's namespace fails."
host_namespace contains lib.at(r, [name]) if {
	some r in services
	some name in {"network_mode", "pid", "ipc", "userns_mode"}
	lib.get(r, name) == "host"
}

# METADATA
# scope: document
# title: Service gets dangerous capabilities
# description: With these a process leaves its container or reads other traffic.
# custom:
#   severity: high
#   remedy: Remove the capability.
#   fix:
#     - base: "found"
#       remove: [""]
#       risk: "What the capability was for fails."
added_capability contains lib.at(r, ["cap_add", index]) if {
	some r in services
	some index, capability in object.get(r.attributes, "cap_add", [])
	trim_prefix(upper(capability), "CAP_") in {"ALL", "SYS_ADMIN", "NET_ADMIN", "SYS_PTRACE", "SYS_MODULE"}
}

# METADATA
# scope: document
# title: Service runs without a filter of system calls
# description: Every system call of the kernel is open to what gets in.
# custom:
#   severity: medium
#   remedy: Remove seccomp:unconfined and apparmor:unconfined.
#   fix:
#     - base: "found"
#       remove: [""]
#       risk: "Programs that make unusual system calls fail."
no_seccomp contains lib.at(r, ["security_opt", index]) if {
	some r in services
	some index, option in object.get(r.attributes, "security_opt", [])
	regex.match(`^(seccomp|apparmor)[:=]unconfined$`, option)
}

# METADATA
# scope: document
# title: Image has no version
# description: What runs changes without a change here.
# custom:
#   severity: low
#   remedy: Name a version, best a digest.
unpinned_image contains lib.at(r, ["image"]) if {
	some r in services
	image := lib.text(r, "image")
	image != ""
	not contains(image, "$")
	not contains(image, "@")
	unversioned(image)
}

unversioned(image) if not contains(regex.replace(image, `^.*/`, ""), ":")

unversioned(image) if endswith(image, ":latest")

# METADATA
# scope: document
# title: Database is open on every address of the host
# description: Docker opens published ports through the host's firewall.
# custom:
#   severity: medium
#   remedy: Publish on 127.0.0.1, or do not publish.
#   fix:
#     - base: "found"
#       prefix: "127.0.0.1:"
#       risk: "Other machines no longer reach the port."
open_database contains lib.at(r, ["ports", index]) if {
	some r in services
	some index, port in object.get(r.attributes, "ports", [])
	regex.match(`^((0\.0\.0\.0|\[::\]):)?(\d+:)?(3306|5432|6379|27017|9200|11211|1433|2375|5984|8086)(/tcp)?$`, published(port))
}

# As the short form has it: address, port of the host, port of the container.
published(port) := sprintf("%v", [port]) if not is_object(port)

published(port) := concat(":", [text | some text in parts; text != ""]) if {
	is_object(port)
	parts := [sprintf("%v", [object.get(port, name, "")]) | some name in ["host_ip", "published", "target"]]
}
