package gatehouse.checks.gitlab

import data.gatehouse.lib

pipelines := object.get(input.resources, "gitlab.pipeline", [])

reserved := {"stages", "variables", "include", "default", "workflow", "image", "services", "cache", "before_script", "after_script", "spec"}

jobs contains {"r": r, "name": name, "job": job} if {
	some r in pipelines
	some name, job in r.attributes
	is_object(job)
	not name in reserved
}

# Lines of scripts with where they stand.
lines contains {"r": e.r, "path": [e.name, name, index], "text": line} if {
	some e in jobs
	some name in ["before_script", "script", "after_script"]
	some index, line in lib.strings(object.get(e.job, name, []))
	is_string(line)
}

# METADATA
# scope: document
# title: Text of strangers becomes a part of a script
# description: eval and sh -c read the title or the branch's name as code.
# custom:
#   severity: high
#   remedy: Quote the variable and do not evaluate it.
#   controls: ["OWASP-CICD:4"]
script_injection contains lib.at(line.r, line.path) if {
	some line in lines
	regex.match(`(eval|sh -c|bash -c)[^\n]*\$\{?CI_(COMMIT_(MESSAGE|TITLE|BRANCH|REF_NAME|TAG|DESCRIPTION)|MERGE_REQUEST_(TITLE|DESCRIPTION|SOURCE_BRANCH_NAME))`, line.text)
}

# METADATA
# scope: document
# title: Pipeline is put together from elsewhere
# description: Whoever holds the address decides what runs here.
# custom:
#   severity: medium
#   remedy: Include a project at a commit, or verify with integrity.
#   controls: ["OWASP-CICD:3"]
remote_include contains lib.at(r, ["include", index]) if {
	some r in pipelines
	some index, item in includes(r)
	startswith(remote(item), "http")
	not item.integrity
}

includes(r) := value if {
	value := r.attributes.include
	is_array(value)
} else := [r.attributes.include]

remote(item) := item if is_string(item)

remote(item) := object.get(item, "remote", "") if is_object(item)

# METADATA
# scope: document
# title: Included project has no fixed version
# description: The pipeline changes without a change here.
# custom:
#   severity: low
#   remedy: Set ref to a tag or commit.
#   controls: ["OWASP-CICD:3"]
unpinned_include contains lib.at(r, ["include", index]) if {
	some r in pipelines
	some index, item in includes(r)
	item.project
	object.get(item, "ref", "main") in {"main", "master", "HEAD", "develop"}
}

# METADATA
# scope: document
# title: Image of a job has no version
# description: What runs changes without a change here.
# custom:
#   severity: low
#   remedy: Name a version, best a digest.
unpinned_image contains lib.at(e.r, [e.name, "image"]) if {
	some e in jobs
	image := image_name(object.get(e.job, "image", ""))
	image != ""
	not contains(image, "$")
	loose(image)
}

unpinned_image contains lib.at(r, ["image"]) if {
	some r in pipelines
	image := image_name(object.get(r.attributes, "image", ""))
	image != ""
	not contains(image, "$")
	loose(image)
}

unpinned_image contains lib.at(r, ["default", "image"]) if {
	some r in pipelines
	image := image_name(object.get(r.attributes, ["default", "image"], ""))
	image != ""
	not contains(image, "$")
	loose(image)
}

image_name(value) := value if is_string(value)

image_name(value) := object.get(value, "name", "") if is_object(value)

loose(image) if {
	not contains(image, "@")
	not contains(regex.replace(image, `^.*/`, ""), ":")
}

loose(image) if endswith(image, ":latest")

# METADATA
# scope: document
# title: What is fetched is run at once
# description: Whoever holds the server, or its name, runs code in the pipeline.
# custom:
#   severity: high
#   remedy: Fetch a version, verify its checksum or signature, then run it.
pipe_to_shell contains lib.at(line.r, line.path) if {
	some line in lines
	regex.match(`(curl|wget)[^|;&]*\|\s*(sudo\s+)?(ba|z|da|a)?sh\b`, line.text)
}

# METADATA
# scope: document
# title: Job builds images with Docker in Docker
# description: The service needs a privileged runner, whose jobs own their machine.
# custom:
#   severity: low
#   remedy: Build with buildah, kaniko or BuildKit without root.
privileged_service contains lib.at(e.r, [e.name, "services", index]) if {
	some e in jobs
	some index, service in object.get(e.job, "services", [])
	regex.match(`docker(:\S*)?dind`, image_name(service))
}

# METADATA
# scope: document
# title: Certificates are not verified
# description: Anyone on the way can answer instead of the server.
# custom:
#   severity: medium
#   remedy: Remove the option and install the certificate authority.
no_verification contains lib.at(line.r, line.path) if {
	some line in lines
	regex.match(`curl\b[^|;&]*(\s-[fgiIjJlLnNOpqRsSvV]*k|--insecure)|--no-check-certificate|StrictHostKeyChecking[= ]no|GIT_SSL_NO_VERIFY`, line.text)
}
