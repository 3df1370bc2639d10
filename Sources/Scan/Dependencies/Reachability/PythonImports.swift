/// Under which names Python code imports a package: as the package itself says where it is installed in the tree, else as
/// is known of it, else by its own name.
struct PythonImports: Sendable {
    private var stated: [String: [String]] = [:]

    /// Of what a `*.dist-info` has: `top_level.txt`, a name a line.
    static func isNamed(_ path: String) -> Bool {
        path.hasSuffix(".dist-info/top_level.txt") || path.hasSuffix(".egg-info/top_level.txt")
    }

    mutating func add(_ text: [UInt8], _ path: String) {
        let folder = path.split(separator: "/").dropLast().last ?? ""
        let name = PackageName.python(String(folder.prefix { $0 != "-" && $0 != "." }))
        let lines = String(decoding: text.prefix(64 << 10), as: UTF8.self).split(
            whereSeparator: \.isNewline)
        stated[name] = lines.filter { !$0.hasPrefix("_") }.map(String.init)
    }

    func names(of dependency: Dependency) -> [String] {
        let name = PackageName.python(dependency.name)
        if let stated = stated[name], !stated.isEmpty { return stated }
        return Self.known[name]?.split(separator: " ").map(String.init) ?? [
            name.replacing("-", with: "_")
        ]
    }

    private static let known: [String: String] = [
        "attrs": "attr attrs", "beautifulsoup4": "bs4", "django-rest-framework": "rest_framework",
        "djangorestframework": "rest_framework", "django-cors-headers": "corsheaders",
        "faiss-cpu": "faiss",
        "google-api-python-client": "googleapiclient apiclient",
        "google-cloud-storage": "google.cloud.storage",
        "grpcio": "grpc", "gitpython": "git", "jupyter-server": "jupyter_server",
        "markdown": "markdown",
        "mysqlclient": "MySQLdb", "mysql-connector-python": "mysql", "opencv-python": "cv2",
        "opencv-python-headless": "cv2", "pillow": "PIL", "protobuf": "google.protobuf",
        "psycopg2-binary": "psycopg2",
        "pycrypto": "Crypto", "pycryptodome": "Crypto", "pycryptodomex": "Cryptodome", "pyjwt": "jwt",
        "pymysql": "pymysql", "pynacl": "nacl", "pyopenssl": "OpenSSL", "pyserial": "serial",
        "python-dateutil": "dateutil",
        "python-docx": "docx", "python-dotenv": "dotenv", "python-jose": "jose", "python-ldap": "ldap",
        "python-magic": "magic", "python-multipart": "multipart python_multipart",
        "python-pptx": "pptx",
        "pyyaml": "yaml", "pyzmq": "zmq", "scikit-image": "skimage", "scikit-learn": "sklearn",
        "setuptools": "setuptools pkg_resources",
        "sqlalchemy": "sqlalchemy", "tensorflow-cpu": "tensorflow", "tensorflow-gpu": "tensorflow",
        "torch": "torch",
        "websocket-client": "websocket", "werkzeug": "werkzeug", "zope-interface": "zope.interface",
    ]
}
