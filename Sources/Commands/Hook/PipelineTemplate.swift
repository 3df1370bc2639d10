import Core

/// The pipelines as text.
struct PipelineTemplate {
    let failOn: Severity
    /// Where gatehouse is fetched; nil where the runner has it.
    let binary: String?
    let sha256: String?

    /// How a comment is known again.
    private static let marker = "<!-- gatehouse-assess -->"

    /// What may stand in a script and in YAML as it is.
    static func isPlainAddress(_ text: String) -> Bool {
        text.hasPrefix("https://") && text.utf8.count <= 2000
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                default: ":/?=&%._~+-@".utf8.contains(byte)
                }
            }
    }

    // MARK: - GitHub

    var github: String {
        """
        # Assesses what a pull request brings. Made by: gatehouse hook ci github
        name: Gatehouse
        on:
          pull_request:

        permissions: {}

        concurrency:
          group: gatehouse-${{ github.event.pull_request.number }}
          cancel-in-progress: true

        jobs:
          assess:
            name: Assess
            runs-on: ubuntu-latest
            timeout-minutes: 20
            permissions:
              contents: read
              pull-requests: write # one comment
              security-events: write # SARIF
            steps:
              - name: Check out
                uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
                with:
                  fetch-depth: 0
                  persist-credentials: false
        \(githubBinary)
              - name: Assess
                env:
                  BASE: ${{ github.event.pull_request.base.sha }}
                run: |
                  gatehouse assess . --since "$BASE" --fail-on \(failOn.rawValue) --quiet --format github \\
                    --report sarif="$RUNNER_TEMP/gatehouse.sarif" --report comment="$RUNNER_TEMP/gatehouse.md"

              - name: Hand on SARIF
                # Requests from forks have no token for it, and code scanning may be off.
                if: ${{ !cancelled() && github.event.pull_request.head.repo.full_name == github.repository }}
                continue-on-error: true
                env:
                  GH_TOKEN: ${{ github.token }}
                run: |
                  gzip --stdout "$RUNNER_TEMP/gatehouse.sarif" | base64 --wrap=0 > "$RUNNER_TEMP/gatehouse.sarif.gz.base64"
                  gh api --method POST "repos/$GITHUB_REPOSITORY/code-scanning/sarifs" --silent \\
                    --raw-field commit_sha="$GITHUB_SHA" --raw-field ref="$GITHUB_REF" \\
                    --field sarif=@"$RUNNER_TEMP/gatehouse.sarif.gz.base64"

              - name: Comment once
                if: ${{ !cancelled() && github.event.pull_request.head.repo.full_name == github.repository }}
                env:
                  GH_TOKEN: ${{ github.token }}
                  NUMBER: ${{ github.event.pull_request.number }}
                run: |
                  test -s "$RUNNER_TEMP/gatehouse.md" || exit 0
                  comments="repos/$GITHUB_REPOSITORY/issues/$NUMBER/comments"
                  own='.[] | select(.user.login == "github-actions[bot]" and (.body | startswith("\(Self.marker)"))) | .id'
                  id=$(gh api --paginate "$comments?per_page=100" --jq "$own" | head -n 1)
                  if [ -n "$id" ]; then
                    gh api --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" --silent \\
                      --field body=@"$RUNNER_TEMP/gatehouse.md"
                  else
                    gh api --method POST "$comments" --silent --field body=@"$RUNNER_TEMP/gatehouse.md"
                  fi

        """
    }

    private var githubBinary: String {
        guard let binary, let sha256 else {
            return """

                      - name: Find Gatehouse
                        run: command -v gatehouse || { echo "::error::gatehouse is not on this runner"; exit 1; }

                """
        }
        return """

                  - name: Fetch Gatehouse
                    env:
                      ADDRESS: \(binary)
                      SHA256: \(sha256)
                    run: |
                      mkdir -p "$RUNNER_TEMP/bin"
                      curl --fail --silent --show-error --location --proto '=https' --proto-redir '=https' \\
                        --output "$RUNNER_TEMP/bin/gatehouse" "$ADDRESS"
                      echo "$SHA256  $RUNNER_TEMP/bin/gatehouse" | sha256sum --check --quiet
                      chmod 0755 "$RUNNER_TEMP/bin/gatehouse"
                      echo "$RUNNER_TEMP/bin" >> "$GITHUB_PATH"

            """
    }

    // MARK: - GitLab

    var gitlab: String {
        """
        # Assesses what a merge request brings. Made by: gatehouse hook ci gitlab
        # For the comment, the variable GATEHOUSE_TOKEN holds a project access token (scope api), masked; the image has
        # git, curl and jq. Without the token there is no comment.
        gatehouse:
          stage: test
          rules:
            - if: $CI_PIPELINE_SOURCE == "merge_request_event"
          interruptible: true
          timeout: 20 minutes
          variables:
            GIT_DEPTH: "0"
        \(gitlabBinary)
          script:
            - >-
              gatehouse assess . --since "$CI_MERGE_REQUEST_DIFF_BASE_SHA" --fail-on \(failOn.rawValue)
              --report gitlab=gl-code-quality-report.json --report sarif=gatehouse.sarif --report comment=gatehouse.md
          after_script:
            - |
              if [ -z "$GATEHOUSE_TOKEN" ] || [ ! -s gatehouse.md ]; then exit 0; fi
              api() { curl --fail --silent --show-error --header "PRIVATE-TOKEN: $GATEHOUSE_TOKEN" "$@"; }
              notes="$CI_API_V4_URL/projects/$CI_PROJECT_ID/merge_requests/$CI_MERGE_REQUEST_IID/notes"
              me=$(api "$CI_API_V4_URL/user" | jq --raw-output .id)
              own="[.[] | select(.author.id == $me and (.body | startswith(\\"\(Self.marker)\\")))][0].id // empty"
              for page in 1 2 3 4 5; do
                id=$(api "$notes?sort=asc&per_page=100&page=$page" | jq --raw-output "$own")
                if [ -n "$id" ]; then break; fi
              done
              if [ -n "$id" ]; then
                api --request PUT --data-urlencode body@gatehouse.md --output /dev/null "$notes/$id"
              else
                api --request POST --data-urlencode body@gatehouse.md --output /dev/null "$notes"
              fi
          artifacts:
            when: always
            expire_in: 1 week
            paths:
              - gatehouse.sarif
              - gatehouse.md
            reports:
              codequality: gl-code-quality-report.json

        """
    }

    private var gitlabBinary: String {
        guard let binary, let sha256 else {
            return """
                  before_script:
                    - command -v gatehouse || { echo "gatehouse is not on this runner"; exit 1; }
                """
        }
        return """
              before_script:
                - mkdir -p "$CI_BUILDS_DIR/bin"
                - >-
                  curl --fail --silent --show-error --location --proto '=https' --proto-redir '=https'
                  --output "$CI_BUILDS_DIR/bin/gatehouse" "\(binary)"
                - echo "\(sha256)  $CI_BUILDS_DIR/bin/gatehouse" | sha256sum --check --quiet
                - chmod 0755 "$CI_BUILDS_DIR/bin/gatehouse"
                - export PATH="$CI_BUILDS_DIR/bin:$PATH"
            """
    }
}
