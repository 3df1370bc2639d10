extension SecretRule {
    /// The values under `data` or `stringData`, before or after `kind`.
    static let kubernetesSecret: SecretRule = {
        var rule = around(
            "kubernetes-secret", "Value in a Kubernetes Secret",
            ["kind: [sS]ecret", #"kind: ["'][sS]ecret"#, "kind:[sS]ecret"], before: 1500, after: 3000, far: true,
            firstValue, entropy: 2.5, at: "the service that it opens; then change the Secret")
        rule.nextPattern = nextValue
        return rule
    }()

    /// In a stream `kind: Secret` may come when the data is already out. So what looks like a Secret's value is taken
    /// for one as long as the object's kind was not said.
    static let kubernetesDataFirst: SecretRule = {
        var rule = around(
            "kubernetes-data", "Value that may be in a Kubernetes Secret", [#"[dD]ata:[\s#]"#], before: 24, after: 3000,
            far: true, firstValue, entropy: 2.5, check: .kubernetesData,
            at: "the service that it opens; then change the Secret")
        rule.nextPattern = nextValue
        rule.isForOpenText = true
        return rule
    }()

    private static let value = #"""
        [ \t]{1,16} [\w.\-]{1,64} : [ \t]{0,8} (?: [|>] [+\-]? [ \t]{0,8} \n [ \t]{1,16} )?
        ["']? ( [A-Za-z0-9+/]{10,4000} ={0,3} ) (?= ["'\s] | $ )
        """#

    private static let firstValue =
        #"""
        (?x) (?:^|\n) [ \t]{0,8} (?: data | stringData ) : [ \t]{0,32} (?: [#] [^\n]{0,200} )?
        (?: \n [ \t]{0,16} [#] [^\n]{0,200} ){0,8} \n
        (?: [ \t]{1,16} [\w.\-]{1,64} : [ \t]{0,8} (?: \{\{ [^\n]{0,200} | "{2} | '{2} )? [ \t]{0,32} \n ){0,8}

        """# + value

    /// After lines of the same mapping whose values are short or written otherwise.
    private static let nextValue =
        #"""
        (?x) ["']? [ \t]{0,32} (?: [#] [^\n]{0,200} )? \n
        (?: [ \t]{0,16} (?: [#] [^\n]{0,200} | [\w.\-]{1,64} : [^\n]{0,200} )? \n ){0,16}?

        """# + value
}
