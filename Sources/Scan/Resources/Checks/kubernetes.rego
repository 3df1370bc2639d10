package gatehouse.checks.kubernetes

import data.gatehouse.lib

# Every pod that is described somewhere: {r, path, spec}.
pods contains {"r": r, "path": ["spec"], "spec": r.attributes.spec} if {
	some r in object.get(input.resources, "kubernetes.Pod", [])
}

pods contains {"r": r, "path": ["spec", "template", "spec"], "spec": r.attributes.spec.template.spec} if {
	some kind in ["Deployment", "DaemonSet", "StatefulSet", "ReplicaSet", "ReplicationController", "Job", "Rollout"]
	some r in object.get(input.resources, concat(".", ["kubernetes", kind]), [])
}

pods contains {"r": r, "path": path, "spec": object.get(r.attributes, path, {})} if {
	some r in object.get(input.resources, "kubernetes.CronJob", [])
	path := ["spec", "jobTemplate", "spec", "template", "spec"]
}

containers contains {"r": pod.r, "path": array.concat(pod.path, [name, index]), "c": c, "pod": pod.spec} if {
	some pod in pods
	some name in {"containers", "initContainers"}
	some index, c in object.get(pod.spec, name, [])
}

# What a container has, or its pod for all of them.
context(entry, name) := value if {
	value := object.get(entry.c, ["securityContext", name], null)
	value != null
} else := object.get(entry.pod, ["securityContext", name], null)

# METADATA
# scope: document
# title: Container is privileged
# description: "A privileged container has every capability and every device: it owns its node."
# custom:
#   severity: critical
#   remedy: Remove securityContext.privileged, and add the capabilities that are needed.
#   controls: ["CIS-K8S:5.2.2", "PSS:baseline"]
#   fix:
#     - base: "found"
#       set: {"": false}
#       risk: "What the container did with all devices and capabilities fails."
privileged contains lib.at(e.r, array.concat(e.path, ["securityContext", "privileged"])) if {
	some e in containers
	object.get(e.c, ["securityContext", "privileged"], false) == true
}

# METADATA
# scope: document
# title: Pod shares a namespace of its node
# description: With the host's processes, network or IPC a pod sees and reaches what belongs to others.
# custom:
#   severity: high
#   remedy: Remove hostPID, hostIPC and hostNetwork.
#   controls: ["CIS-K8S:5.2.3", "PSS:baseline"]
#   fix:
#     - base: "found"
#       remove: [""]
#       risk: "What the pod did with its node's processes or network fails."
host_namespace contains lib.at(pod.r, array.concat(pod.path, [name])) if {
	some pod in pods
	some name in {"hostPID", "hostIPC", "hostNetwork"}
	pod.spec[name] == true
}

# METADATA
# scope: document
# title: Pod mounts a folder of its node
# description: Through the node's files a pod reads other pods' secrets and changes what the node runs.
# custom:
#   severity: high
#   remedy: Use a volume of another kind.
#   controls: ["PSS:baseline"]
host_path contains lib.at(pod.r, array.concat(pod.path, ["volumes", index, "hostPath"])) if {
	some pod in pods
	some index, volume in object.get(pod.spec, "volumes", [])
	volume.hostPath
}

# METADATA
# scope: document
# title: Pod mounts the container runtime's socket
# description: Whoever talks to the socket starts privileged containers.
# custom:
#   severity: critical
#   remedy: Remove the mount.
#   controls: ["PSS:baseline"]
docker_socket contains lib.at(pod.r, array.concat(pod.path, ["volumes", index, "hostPath"])) if {
	some pod in pods
	some index, volume in object.get(pod.spec, "volumes", [])
	regex.match(`/(docker|containerd|crio)\.sock$`, volume.hostPath.path)
}

# METADATA
# scope: document
# title: Container takes a port of its node
# description: A port of the node goes around network policies.
# custom:
#   severity: low
#   remedy: Remove hostPort and use a service.
#   controls: ["PSS:baseline"]
#   fix:
#     - base: "found"
#       remove: [""]
#       risk: "Clients that came by the node's port need a service."
host_port contains lib.at(e.r, array.concat(e.path, ["ports", index, "hostPort"])) if {
	some e in containers
	some index, port in object.get(e.c, "ports", [])
	port.hostPort
	port.hostPort != 0
}

# METADATA
# scope: document
# title: Container may gain privileges
# description: Programs with the setuid bit get more rights than the process that starts them.
# custom:
#   severity: medium
#   remedy: Set securityContext.allowPrivilegeEscalation to false.
#   controls: ["CIS-K8S:5.2.6", "PSS:restricted"]
#   fix:
#     - base: "found"
#       set: {"securityContext.allowPrivilegeEscalation": false}
#       risk: "Programs with the setuid bit, such as sudo, fail."
privilege_escalation contains lib.at(e.r, e.path) if {
	some e in containers
	not object.get(e.c, ["securityContext", "allowPrivilegeEscalation"], true) == false
}

# METADATA
# scope: document
# title: Container may run as root
# description: Root in the container is root on the node after a flaw of the kernel or runtime.
# custom:
#   severity: medium
#   remedy: Set securityContext.runAsNonRoot to true.
#   controls: ["CIS-K8S:5.2.7", "PSS:restricted"]
#   fix:
#     - base: "found"
#       set: {"securityContext.runAsNonRoot": true}
#       risk: "An image that runs as root is not started: give it a user."
run_as_root contains lib.at(e.r, e.path) if {
	some e in containers
	not context(e, "runAsNonRoot") == true
	not high_user(e)
}

high_user(e) if context(e, "runAsUser") > 0

# METADATA
# scope: document
# title: Container runs as user 0
# description: Root in the container is root on the node after a flaw of the kernel or runtime.
# custom:
#   severity: medium
#   remedy: Set runAsUser to another user.
#   controls: ["PSS:restricted"]
root_user contains lib.at(e.r, e.path) if {
	some e in containers
	context(e, "runAsUser") == 0
}

# METADATA
# scope: document
# title: Container may write to its image
# description: What gets in can change what runs.
# custom:
#   severity: low
#   remedy: Set securityContext.readOnlyRootFilesystem to true and mount what is written to.
#   fix:
#     - base: "found"
#       set: {"securityContext.readOnlyRootFilesystem": true}
#       risk: "Programs that write outside of their volumes fail: mount an emptyDir there."
writable_root contains lib.at(e.r, e.path) if {
	some e in containers
	not object.get(e.c, ["securityContext", "readOnlyRootFilesystem"], false) == true
}

# METADATA
# scope: document
# title: Container gets dangerous capabilities
# description: With these a process leaves its container or reads other traffic.
# custom:
#   severity: high
#   remedy: Remove the capability.
#   controls: ["CIS-K8S:5.2.9", "PSS:baseline"]
#   fix:
#     - base: "found"
#       remove: [""]
#       risk: "What the capability was for fails."
added_capability contains lib.at(e.r, array.concat(e.path, ["securityContext", "capabilities", "add", index])) if {
	some e in containers
	some index, capability in object.get(e.c, ["securityContext", "capabilities", "add"], [])
	capability in {"ALL", "SYS_ADMIN", "NET_ADMIN", "SYS_PTRACE", "SYS_MODULE", "DAC_READ_SEARCH", "NET_RAW", "BPF", "SYS_RAWIO"}
}

# METADATA
# scope: document
# title: Container keeps capabilities that it was not given
# description: Runtimes give a dozen capabilities that hardly any program needs.
# custom:
#   severity: low
#   remedy: Drop ALL, and add what is needed.
#   controls: ["CIS-K8S:5.2.10", "PSS:restricted"]
#   fix:
#     - base: "found"
#       existing: true
#       append_to: {"securityContext.capabilities.drop": "ALL"}
#       risk: "Programs that need a capability fail: add that one."
#     - base: "found"
#       set: {"securityContext.capabilities.drop": ["ALL"]}
#       risk: "Programs that need a capability fail: add that one."
capabilities_kept contains lib.at(e.r, e.path) if {
	some e in containers
	dropped := {upper(name) | some name in object.get(e.c, ["securityContext", "capabilities", "drop"], [])}
	not "ALL" in dropped
}

# METADATA
# scope: document
# title: Container runs without a seccomp profile
# description: Every system call of the kernel is open to what gets in.
# custom:
#   severity: low
#   remedy: Set seccompProfile.type to RuntimeDefault.
#   controls: ["CIS-K8S:5.7.2", "PSS:restricted"]
#   fix:
#     - base: "found"
#       set: {"securityContext.seccompProfile.type": "RuntimeDefault"}
#       risk: "Programs that make unusual system calls fail."
seccomp contains lib.at(e.r, e.path) if {
	some e in containers
	not object.get(e.c, ["securityContext", "seccompProfile", "type"], object.get(e.pod, ["securityContext", "seccompProfile", "type"], "")) in {"RuntimeDefault", "Localhost"}
}

# METADATA
# scope: document
# title: Container may take all memory of its node
# description: One leak takes the neighbours down.
# custom:
#   severity: low
#   remedy: Set resources.limits.memory.
no_limits contains lib.at(e.r, e.path) if {
	some e in containers
	lib.off(object.get(e.c, ["resources", "limits", "memory"], null))
}

# METADATA
# scope: document
# title: Container asks for no resources
# description: The scheduler packs nodes blindly.
# custom:
#   severity: info
#   remedy: Set resources.requests for cpu and memory.
no_requests contains lib.at(e.r, e.path) if {
	some e in containers
	some name in {"cpu", "memory"}
	lib.off(object.get(e.c, ["resources", "requests", name], null))
}

# METADATA
# scope: document
# title: Image has no version
# description: What runs changes without a change here, and cannot be told afterwards.
# custom:
#   severity: low
#   remedy: Name a version, best a digest.
latest_tag contains lib.at(e.r, array.concat(e.path, ["image"])) if {
	some e in containers
	image := e.c.image
	not lib.unknown(image)
	unpinned(image)
}

unpinned(image) if {
	not contains(image, "@")
	name := regex.replace(image, `^.*/`, "")
	not contains(name, ":")
}

unpinned(image) if endswith(image, ":latest")

# METADATA
# scope: document
# title: Container has no probes
# description: Kubernetes sends requests to what does not answer, and leaves running what hangs.
# custom:
#   severity: info
#   remedy: Set livenessProbe and readinessProbe.
probes contains lib.at(e.r, e.path) if {
	some e in containers
	e.path[count(e.path) - 2] == "containers"
	not e.r.type in {"kubernetes.Job", "kubernetes.CronJob"}
	some name in {"livenessProbe", "readinessProbe"}
	not e.c[name]
}

# METADATA
# scope: document
# title: Pod gets a token that it may not need
# description: The token of the service account talks to the API for whoever gets in.
# custom:
#   severity: low
#   remedy: Set automountServiceAccountToken to false.
#   controls: ["CIS-K8S:5.1.6"]
#   fix:
#     - base: "found"
#       set: {"automountServiceAccountToken": false}
#       risk: "Programs that talk to the cluster's API fail."
service_token contains lib.at(pod.r, pod.path) if {
	some pod in pods
	not object.get(pod.spec, "automountServiceAccountToken", true) == false
	object.get(pod.spec, "serviceAccountName", "default") == "default"
}

# METADATA
# scope: document
# title: Secret is put into the environment
# description: Environments end up in logs, crash reports and child processes.
# custom:
#   severity: low
#   remedy: Mount the secret as a file.
#   controls: ["CIS-K8S:5.4.1"]
secret_environment contains lib.at(e.r, array.concat(e.path, ["env", index])) if {
	some e in containers
	some index, variable in object.get(e.c, "env", [])
	variable.valueFrom.secretKeyRef
}

secret_environment contains lib.at(e.r, array.concat(e.path, ["envFrom", index])) if {
	some e in containers
	some index, source in object.get(e.c, "envFrom", [])
	source.secretRef
}

# METADATA
# scope: document
# title: Object is in the default namespace
# description: Limits, policies and rights are given by namespace.
# custom:
#   severity: info
#   remedy: Set metadata.namespace.
#   controls: ["CIS-K8S:5.7.4"]
default_namespace contains lib.at(pod.r, ["metadata", "namespace"]) if {
	some pod in pods
	pod.r.attributes.metadata.namespace == "default"
}

# METADATA
# scope: document
# title: Role allows everything
# description: Whoever has the role owns what it speaks of, now and later.
# custom:
#   severity: high
#   remedy: List resources and verbs.
#   controls: ["CIS-K8S:5.1.3"]
role_wildcard contains lib.at(r, ["rules", index]) if {
	some kind in {"kubernetes.Role", "kubernetes.ClusterRole"}
	some r in object.get(input.resources, kind, [])
	some index, rule in object.get(r.attributes, "rules", [])
	"*" in rule.verbs
	"*" in object.get(rule, "resources", [])
}

# METADATA
# scope: document
# title: Role reads every secret
# description: Secrets hold the credentials of everything else.
# custom:
#   severity: medium
#   remedy: Name the secrets in resourceNames.
#   controls: ["CIS-K8S:5.1.2"]
role_secrets contains lib.at(r, ["rules", index]) if {
	some r in object.get(input.resources, "kubernetes.ClusterRole", [])
	some index, rule in object.get(r.attributes, "rules", [])
	some resource in object.get(rule, "resources", [])
	resource in {"secrets", "*"}
	some group in object.get(rule, "apiGroups", [""])
	group in {"", "*"}
	some verb in rule.verbs
	verb in {"get", "list", "watch", "*"}
	count(object.get(rule, "resourceNames", [])) == 0
}

# METADATA
# scope: document
# title: Binding gives cluster-admin
# description: cluster-admin may do everything everywhere.
# custom:
#   severity: high
#   remedy: Bind a role with what is needed.
#   controls: ["CIS-K8S:5.1.1"]
cluster_admin contains lib.at(r, ["roleRef"]) if {
	some kind in {"kubernetes.ClusterRoleBinding", "kubernetes.RoleBinding"}
	some r in object.get(input.resources, kind, [])
	r.attributes.roleRef.name == "cluster-admin"
}

# METADATA
# scope: document
# title: Binding gives rights to everyone
# description: system:anonymous and system:unauthenticated are whoever reaches the API.
# custom:
#   severity: critical
#   remedy: Remove the subject.
#   controls: ["CIS-K8S:5.1.1"]
#   fix:
#     - base: "found"
#       remove: [""]
#       risk: "Callers without credentials lose the right."
anonymous contains lib.at(r, ["subjects", index]) if {
	some kind in {"kubernetes.ClusterRoleBinding", "kubernetes.RoleBinding"}
	some r in object.get(input.resources, kind, [])
	some index, subject in object.get(r.attributes, "subjects", [])
	subject.name in {"system:anonymous", "system:unauthenticated"}
}

# METADATA
# scope: document
# title: Service is open to every address
# description: A load balancer without ranges is open to the internet where the cloud has public addresses.
# custom:
#   severity: low
#   remedy: Set loadBalancerSourceRanges.
load_balancer_open contains lib.at(r, ["spec", "type"]) if {
	some r in object.get(input.resources, "kubernetes.Service", [])
	r.attributes.spec.type == "LoadBalancer"
	count(object.get(r.attributes.spec, "loadBalancerSourceRanges", [])) == 0
	not internal(r)
}

internal(r) if {
	some key, value in object.get(r.attributes.metadata, "annotations", {})
	regex.match(`(?i)internal`, sprintf("%s=%v", [key, value]))
	not lib.off(value)
}

# METADATA
# scope: document
# title: Ingress serves plain HTTP
# description: Requests, answers and cookies can be read and changed on the way.
# custom:
#   severity: low
#   remedy: Set spec.tls.
ingress_plain contains lib.at(r, []) if {
	some r in object.get(input.resources, "kubernetes.Ingress", [])
	count(object.get(r.attributes, ["spec", "tls"], [])) == 0
}
