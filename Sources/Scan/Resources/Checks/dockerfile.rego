package gatehouse.checks.docker

import data.gatehouse.lib

stages contains {"r": r, "index": index, "stage": stage} if {
	some r in object.get(input.resources, "dockerfile", [])
	some index, stage in r.attributes.stages
}

instructions contains {"r": e.r, "path": ["stages", e.index, "instructions", index], "i": i, "stage": e.stage} if {
	some e in stages
	some index, i in e.stage.instructions
}

runs contains e if {
	some e in instructions
	e.i.name == "RUN"
}

script(e) := concat("\n", [e.i.value, e.i.heredoc])

# What each stage is built on, by the indices of both: nothing for an image from elsewhere.
built_on[e.r.id][e.index] := nearest([other.index |
	some other in stages
	other.r.id == e.r.id
	other.index < e.index
	lower(other.stage.name) == lower(e.stage.image)
]) if {
	some e in stages
}

nearest(indices) := [max(indices)] if count(indices) > 0

nearest(indices) := [] if count(indices) == 0

# A stage and those that it is built on, from it downwards.
lineage(e) := path if some path in graph.reachable_paths(built_on[e.r.id], {e.index})

# The last instruction of a name in each of them that has one: the first counts.
effective(e, name) := [["stages", index, "instructions", indices[count(indices) - 1]] |
	some index in lineage(e)
	indices := [at | some at, i in e.r.attributes.stages[index].instructions; i.name == name]
	count(indices) > 0
]

# METADATA
# scope: document
# title: Image runs as root
# description: Root in the container is root on the host after a flaw of the kernel or runtime.
# custom:
#   severity: medium
#   remedy: Make a user and switch to it with USER.
#   fix:
#     - insert: "USER 65532:65532"
#       base: "found"
#       risk: "Programs that write outside of their folders or take ports below 1024 fail."
#     - value: "65532:65532"
#       base: "found"
#       risk: "Programs that write outside of their folders or take ports below 1024 fail."
root contains lib.at(e.r, ["stages", e.index]) if {
	some e in stages
	e.stage.final == true
	count(effective(e, "USER")) == 0
	not regex.match(`[:-]nonroot(@|$)`, first_image(e))
}

root contains lib.at(e.r, path) if {
	some e in stages
	e.stage.final == true
	path := effective(e, "USER")[0]
	regex.match(`^(root|0)(:.*)?$`, object.get(e.r.attributes, array.concat(path, ["value"]), ""))
}

# What the lowest of its stages starts from.
first_image(e) := e.r.attributes.stages[lineage(e)[count(lineage(e)) - 1]].image

# METADATA
# scope: document
# title: Base image has no version
# description: The next build starts from something else.
# custom:
#   severity: low
#   remedy: Name a version, best a digest.
untagged_base contains lib.at(e.r, ["stages", e.index]) if {
	some e in stages
	image := e.stage.image
	image != "scratch"
	not lib.unknown(image)
	not contains(image, "@")
	not contains(regex.replace(image, `^.*/`, ""), ":")
	not image in {s.name | some other in stages; other.r.id == e.r.id; s := other.stage}
}

# METADATA
# scope: document
# title: Base image is whatever is latest
# description: The next build starts from something else.
# custom:
#   severity: low
#   remedy: Name a version, best a digest.
latest_base contains lib.at(e.r, ["stages", e.index]) if {
	some e in stages
	endswith(e.stage.image, ":latest")
}

# METADATA
# scope: document
# title: ADD where COPY would do
# description: ADD fetches addresses and unpacks archives, which may not be meant.
# custom:
#   severity: low
#   remedy: Use COPY.
#   fix:
#     - keyword: "COPY"
#       base: "found"
#       risk: "None is known."
add_instead_of_copy contains lib.at(e.r, e.path) if {
	some e in instructions
	e.i.name == "ADD"
	not regex.match(`(^|\s)(https?://|git@|git://)|\.(tar|tgz|gz|bz2|xz|zip|txz|tbz2)(\s|"|$)`, e.i.value)
	e.i.heredoc == ""
}

# METADATA
# scope: document
# title: ADD fetches from an address without a checksum
# description: What lies there may be another thing tomorrow.
# custom:
#   severity: medium
#   remedy: Give --checksum, or fetch and verify in RUN.
add_remote contains lib.at(e.r, e.path) if {
	some e in instructions
	e.i.name == "ADD"
	regex.match(`(^|\s)https?://`, e.i.value)
	not e.i.flags.checksum
}

# METADATA
# scope: document
# title: What is fetched is run at once
# description: Whoever holds the server, or its name, runs code in the build.
# custom:
#   severity: high
#   remedy: Fetch a version, verify its checksum or signature, then run it.
pipe_to_shell contains lib.at(e.r, e.path) if {
	some e in runs
	regex.match(`(curl|wget)[^|;&\n]*\|\s*(sudo\s+)?(ba|z|da|a)?sh\b`, script(e))
}

# METADATA
# scope: document
# title: Certificates are not verified
# description: Anyone on the way can answer instead of the server.
# custom:
#   severity: medium
#   remedy: Remove the option and install the certificate authority.
#   fix:
#     - commands: ["curl", "wget"]
#       drop: ["-k", "--insecure", "--no-check-certificate"]
#       base: "found"
#       risk: "Fetching fails where the certificate is not right."
no_verification contains lib.at(e.r, e.path) if {
	some e in runs
	regex.match(`curl\b[^|;&]*(\s-[fgiIjJlLnNOpqRsSvV]*k|--insecure)|wget\s[^|;&]*--no-check-certificate|--trusted-host|strict-ssl\s+false|NODE_TLS_REJECT_UNAUTHORIZED=0|--allow-unauthenticated|--nogpgcheck`, script(e))
}

# METADATA
# scope: document
# title: sudo in a build
# description: A build runs as the user that USER names; sudo hides which.
# custom:
#   severity: low
#   remedy: Switch with USER.
#   fix:
#     - commands: ["sudo"]
#       drop: ["sudo"]
#       base: "found"
#       risk: "The command runs as the user that USER names."
sudo contains lib.at(e.r, e.path) if {
	some e in runs
	regex.match(`(^|[;&|(]|\n)\s*(\w+=\S*\s+)*sudo\s`, script(e))
}

# METADATA
# scope: document
# title: Packages without versions
# description: The next build installs something else.
# custom:
#   severity: info
#   remedy: "Pin versions: apt-get install name=version."
apt_unpinned contains lib.at(e.r, e.path) if {
	some e in runs
	some written in commands(e)
	command := regex.replace(written, `^(\w+=\S*\s+)+`, "")
	regex.match(`^(apt|apt-get)\s.*install`, command)
	words := array.slice(regex.split(`\s+`, command), 1, 1000)
	some word in words
	not startswith(word, "-")
	not word in {"install", "apt", "apt-get"}
	not contains(word, "=")
	not contains(word, "$")
	not endswith(word, ".deb")
}

# The commands of a RUN, as a shell parts them.
commands(e) := [trim_space(part) | some part in regex.split(`&&|\|\||;|\n`, script(e))]

# METADATA
# scope: document
# title: apt installs what it only recommends
# description: More packages mean more flaws.
# custom:
#   severity: info
#   remedy: Give --no-install-recommends.
#   fix:
#     - commands: ["apt-get"]
#       after: "install"
#       give: "--no-install-recommends"
#       base: "found"
#       risk: "Something that was only recommended may have been needed."
apt_recommends contains lib.at(e.r, e.path) if {
	some e in runs
	some command in commands(e)
	regex.match(`^(DEBIAN_FRONTEND=\S+\s+)?apt-get\s.*install`, command)
	not contains(command, "--no-install-recommends")
	not contains(command, "APT::Install-Recommends")
}

# METADATA
# scope: document
# title: Lists of packages stay in the image
# description: They are large and of no use.
# custom:
#   severity: info
#   remedy: Remove /var/lib/apt/lists in the same RUN.
#   fix:
#     - append: " && rm -rf /var/lib/apt/lists/*"
#       base: "found"
#       risk: "A later instruction that installs has to update first."
apt_lists contains lib.at(e.r, e.path) if {
	some e in runs
	regex.match(`apt-get\s[^;&|]*update`, script(e))
	not contains(script(e), "/var/lib/apt/lists")
	not e.i.flags.mount
}

# METADATA
# scope: document
# title: apt-get update without install
# description: The cached layer serves an old list, and packages with known flaws are installed from it.
# custom:
#   severity: low
#   remedy: Update and install in the same RUN.
apt_update_alone contains lib.at(e.r, e.path) if {
	some e in runs
	regex.match(`apt-get\s[^;&|]*update`, script(e))
	not regex.match(`apt-get\s[^;&|]*(install|upgrade)`, script(e))
}

# METADATA
# scope: document
# title: apt is for people
# description: Its options and output change between versions.
# custom:
#   severity: info
#   remedy: Use apt-get.
#   fix:
#     - commands: ["apt"]
#       rename: "apt-get"
#       after: "install"
#       give: "--no-install-recommends"
#       base: "found"
#       risk: "None is known."
apt_command contains lib.at(e.r, e.path) if {
	some e in runs
	some command in commands(e)
	regex.match(`^apt\s+(-\S+\s+)*(install|update|upgrade|remove)`, command)
}

# METADATA
# scope: document
# title: Whole system is upgraded in the build
# description: What the image holds depends on the day it is built.
# custom:
#   severity: low
#   remedy: Start from a newer base image.
dist_upgrade contains lib.at(e.r, e.path) if {
	some e in runs
	regex.match(`apt-get\s[^;&|]*dist-upgrade`, script(e))
}

# METADATA
# scope: document
# title: Python packages without versions
# description: The next build installs something else.
# custom:
#   severity: info
#   remedy: Pin versions, best with hashes in a requirements file.
pip_unpinned contains lib.at(e.r, e.path) if {
	some e in runs
	some command in commands(e)
	regex.match(`^(python3? -m )?pip3?\s+install`, command)
	not regex.match(`(\s-r\s|--requirement|==|@|\s\.(\s|$)|\s\./|--constraint|\s-c\s|\$)`, command)
}

# METADATA
# scope: document
# title: pip's cache stays in the image
# description: It is large and of no use.
# custom:
#   severity: info
#   remedy: Give --no-cache-dir.
#   fix:
#     - commands: ["pip", "pip3", "python", "python3"]
#       after: "install"
#       give: "--no-cache-dir"
#       base: "found"
#       risk: "None is known."
pip_cache contains lib.at(e.r, e.path) if {
	some e in runs
	some command in commands(e)
	regex.match(`^(python3? -m )?pip3?\s+install`, command)
	not contains(command, "--no-cache-dir")
	not e.i.flags.mount
	not no_cache(e)
}

no_cache(e) if {
	some i in e.stage.instructions
	i.name in {"ENV", "ARG"}
	contains(i.value, "PIP_NO_CACHE_DIR")
}

# METADATA
# scope: document
# title: npm packages without versions
# description: The next build installs something else.
# custom:
#   severity: info
#   remedy: Pin versions, or use npm ci with a lockfile.
npm_unpinned contains lib.at(e.r, e.path) if {
	some e in runs
	some command in commands(e)
	regex.match(`^npm\s+(install|i|add)\s`, command)
	some word in array.slice(regex.split(`\s+`, command), 2, 1000)
	not startswith(word, "-")
	not regex.match(`.@.|^\.|^/|\$|:`, word)
}

# METADATA
# scope: document
# title: cd in a RUN of its own
# description: The folder is another again in the next instruction.
# custom:
#   severity: info
#   remedy: Use WORKDIR.
cd_in_run contains lib.at(e.r, e.path) if {
	some e in runs
	regex.match(`^cd\s+\S+$`, e.i.value)
}

# METADATA
# scope: document
# title: WORKDIR is relative
# description: Where it leads depends on the base image.
# custom:
#   severity: low
#   remedy: Give an absolute path.
#   fix:
#     - edit: "absolute-folder"
#       base: "found"
#       risk: "None is known."
relative_workdir contains lib.at(e.r, e.path) if {
	some e in instructions
	e.i.name == "WORKDIR"
	not regex.match(`^["']?(/|\$|[A-Za-z]:)`, e.i.value)
}

# METADATA
# scope: document
# title: MAINTAINER is deprecated
# description: Tools no longer read it.
# custom:
#   severity: info
#   remedy: Use LABEL org.opencontainers.image.authors.
#   fix:
#     - edit: "label"
#       base: "found"
#       risk: "None is known."
maintainer contains lib.at(e.r, e.path) if {
	some e in instructions
	e.i.name == "MAINTAINER"
}

# METADATA
# scope: document
# title: Entry point runs in a shell
# description: The shell does not pass signals on, so that the container is killed where it could end.
# custom:
#   severity: low
#   remedy: Use the JSON form.
#   fix:
#     - edit: "exec-form"
#       base: "found"
#       risk: "The program gets signals itself, and no shell stands before it."
shell_form contains lib.at(e.r, e.path) if {
	some e in instructions
	e.i.name in {"CMD", "ENTRYPOINT"}
	e.i.exec == false
}

# METADATA
# scope: document
# title: Several CMD or ENTRYPOINT in one stage
# description: Only the last counts.
# custom:
#   severity: low
#   remedy: Remove the others.
#   fix:
#     - delete: true
#       base: "found"
#       risk: "None is known: only the last one counted."
many_entries contains lib.at(e.r, ["stages", e.index, "instructions", indices[0]]) if {
	some e in stages
	some name in {"CMD", "ENTRYPOINT", "HEALTHCHECK"}
	indices := [index | some index, i in e.stage.instructions; i.name == name]
	count(indices) > 1
}

# METADATA
# scope: document
# title: Image offers SSH
# description: A way into a container is a way around everything that watches it.
# custom:
#   severity: low
#   remedy: Remove the server; use exec.
#   fix:
#     - delete: true
#       base: "found"
#       risk: "None is known: EXPOSE publishes nothing."
ssh_port contains lib.at(e.r, e.path) if {
	some e in instructions
	e.i.name == "EXPOSE"
	some word in e.i.words
	regex.match(`^22(/tcp)?$`, word)
}

# METADATA
# scope: document
# title: Port is out of range
# description: There are ports from 0 to 65535.
# custom:
#   severity: low
#   remedy: Correct the port.
bad_port contains lib.at(e.r, e.path) if {
	some e in instructions
	e.i.name == "EXPOSE"
	some word in e.i.words
	regex.match(`^[0-9]+(/\w+)?$`, word)
	to_number(regex.replace(word, `/.*$`, "")) > 65535
}

# METADATA
# scope: document
# title: Credential in ENV or ARG
# description: The values stay in the image's history for everyone who pulls it.
# custom:
#   severity: high
#   remedy: Use RUN --mount=type=secret; change the credential.
secret_in_environment contains lib.at(e.r, e.path) if {
	some e in instructions
	e.i.name in {"ENV", "ARG"}
	some found in regex.find_n(`(?i)\b\w*(passwd|password|secret|api_?key|access_?key|auth_?token|private_?key)\w*[= ]["']?[^\s"'$<{]{6,}`, e.i.value, -1)

	# Where a secret lies is none.
	not regex.match(`(?i)^\w*_(file|path|dir)[= ]`, found)
}

# METADATA
# scope: document
# title: A failing command in a pipe goes unnoticed
# description: Only the last command of a pipe decides.
# custom:
#   severity: info
#   remedy: Set SHELL ["/bin/bash", "-o", "pipefail", "-c"].
pipefail contains lib.at(e.r, e.path) if {
	some e in runs
	e.i.exec == false
	regex.match(`[^|]\|[^|]`, e.i.value)
	not contains(e.i.value, "pipefail")
	not pipefail_shell(e)
}

pipefail_shell(e) if {
	some i in e.stage.instructions
	i.name == "SHELL"
	regex.match(`pipefail|pwsh|powershell|cmd`, i.value)
}

# METADATA
# scope: document
# title: Image does not say how to tell that it works
# description: An orchestrator without probes of its own keeps running what hangs.
# custom:
#   severity: info
#   remedy: Add HEALTHCHECK.
no_healthcheck contains lib.at(e.r, ["stages", e.index]) if {
	some e in stages
	e.stage.final == true
	count(effective(e, "HEALTHCHECK")) == 0
}
