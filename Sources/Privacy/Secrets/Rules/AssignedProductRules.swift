import Core

extension SecretRule {
    /// Products: values that the name of the service gives away.
    static let assignedProductRules: [SecretRule] = [
        .assigned("adafruit-key", "Adafruit IO key", ["adafruit"], "[a-z0-9_\\-]{32}", at: "io.adafruit.com → my key"),
        .assigned(
            "adobe-client-credential", "Adobe client credential", ["adobe"], "(?:p8e-)?[a-f0-9]{32}|p8e-[a-z0-9]{32}",
            at: "Adobe developer console"),
        .assigned(
            "airtable-key", "Airtable API key", ["airtable"], Shape.letters("17"), check: .lettersAndDigits,
            at: "airtable.com/account"),
        .assigned(
            "algolia-key", "Algolia API key", ["algolia"], Shape.letters("32"), at: "Algolia → settings → API keys"),
        .assigned(
            "asana-credential", "Asana client credential", ["asana"], "(?:[a-z0-9]{32}|[0-9]{16})", entropy: 2.5,
            at: "Asana developer console"),
        .assigned(
            "bittrex-key", "Bittrex key", ["bittrex"], Shape.letters("32"), severity: .high, at: "Bittrex → API keys"),
        .assigned(
            "coinbase-token", "Coinbase access token", ["coinbase"], "[a-z0-9_\\-]{64}", severity: .high,
            at: "Coinbase → settings → API"),
        .assigned(
            "contentful-delivery-token", "Contentful delivery token", ["contentful"], Shape.wide("43"),
            at: "Contentful → settings → API keys"),
        .assigned(
            "discord-credential", "Discord client credential", ["discord"],
            "(?:[a-f0-9]{64}|[0-9]{18}|[a-z0-9_=\\-]{32})", entropy: 2, at: "discord.com/developers → your application"),
        .assigned(
            "dropbox-credential", "Dropbox credential", ["dropbox"],
            "(?:[a-z0-9]{15}|[a-z0-9]{11}A{10}[a-z0-9_=\\-]{43})", check: .lettersAndDigits, at: "Dropbox → app console"
        ),
        .assigned(
            "etsy-token", "Etsy access token", ["etsy"], Shape.letters("24"), entropy: 3.2, check: .lettersAndDigits,
            at: "Etsy → your apps"),
        .assigned(
            "facebook-secret", "Meta app secret", ["facebook"], Shape.hex(32), severity: .high,
            at: "developers.facebook.com → app settings"),
        .assigned(
            "finicity-credential", "Finicity credential", ["finicity"], "(?:[a-f0-9]{32}|[a-z0-9]{20})",
            check: .lettersAndDigits, at: "Finicity developer portal"),
        .assigned(
            "finnhub-token", "Finnhub token", ["finnhub"], Shape.letters("20"), check: .lettersAndDigits,
            at: "finnhub.io → dashboard"),
        .assigned("flickr-token", "Flickr token", ["flickr"], Shape.letters("32"), at: "Flickr → app garden"),
        .assigned(
            "freshbooks-token", "FreshBooks token", ["freshbooks"], Shape.letters("64"),
            at: "FreshBooks → developer portal"),
        .assigned("gitter-token", "Gitter token", ["gitter"], "[a-z0-9_\\-]{40}", at: "Gitter developer page"),
        .assigned("hubspot-key", "HubSpot API key", ["hubspot"], Shape.uuid, at: "HubSpot → settings → integrations"),
        .assigned("intercom-token", "Intercom token", ["intercom"], Shape.wide("60"), at: "Intercom → developer hub"),
        .assigned(
            "kraken-key", "Kraken key", ["kraken"], #"[a-z0-9/=_+\-]{80,90}"#, severity: .high,
            at: "Kraken → settings → API"),
        .assigned(
            "kucoin-key", "KuCoin key", ["kucoin"], "(?:[a-f0-9]{24}|\(Shape.uuid))", severity: .high,
            at: "KuCoin → API management"),
        .assigned(
            "linear-secret", "Linear client secret", ["linear"], Shape.hex(32), entropy: 3.3, check: .lettersAndDigits,
            at: "Linear → settings → API"),
        .assigned(
            "linkedin-credential", "LinkedIn client credential", ["linkedin", "linked_in", "linked-in"],
            "(?:[a-z0-9]{16}|[a-z0-9]{14})", check: .lettersAndDigits, at: "LinkedIn developer portal"),
        .assigned(
            "lob-key", "Lob API key", ["lob"], "(?:live|test)_(?:pub_[a-f0-9]{31}|[a-f0-9]{35})",
            at: "Lob → settings → API keys"),
        .assigned(
            "looker-credential", "Looker API credential", ["looker"], "(?:[a-z0-9]{24}|[a-z0-9]{20})",
            check: .lettersAndDigits, at: "Looker → admin → users → API keys"),
        .assigned(
            "mailgun-signing-key", "Mailgun signing key", ["mailgun"], "[a-h0-9]{32}-[a-h0-9]{8}-[a-h0-9]{8}",
            at: "Mailgun → API security"),
        .assigned(
            "mattermost-token", "Mattermost token", ["mattermost"], Shape.letters("26"), check: .lettersAndDigits,
            at: "Mattermost → profile → security"),
        .assigned(
            "messagebird-credential", "MessageBird credential", ["messagebird", "message-bird", "message_bird"],
            "(?:[a-z0-9]{25}|\(Shape.uuid))", at: "MessageBird → developers → API access"),
        .assigned(
            "nytimes-key", "New York Times API key", ["nytimes", "new-york-times", "newyorktimes"], Shape.wide("32"),
            at: "developer.nytimes.com → apps"),
        .assigned(
            "plaid-credential", "Plaid credential", ["plaid"], "(?:[a-z0-9]{30}|[a-z0-9]{24})", entropy: 3.2,
            check: .lettersAndDigits, at: "Plaid dashboard → keys"),
        .assigned(
            "privateai-key", "Private AI key", ["private-ai", "private_ai", "privateai"], Shape.letters("32"),
            entropy: 3.5, check: .lettersAndDigits, at: "portal.private-ai.com → API keys"),
        .assigned("rapidapi-key", "RapidAPI key", ["rapidapi"], "[a-z0-9_\\-]{50}", at: "RapidAPI → apps → security"),
        .assigned(
            "sendbird-credential", "Sendbird credential", ["sendbird"], "(?:[a-f0-9]{40}|\(Shape.uuid))",
            at: "Sendbird dashboard → settings"),
        .assigned(
            "squarespace-token", "Squarespace token", ["squarespace"], Shape.uuid,
            at: "Squarespace → developer API keys"),
        .assigned(
            "telegram-token", "Telegram bot token", ["telegr"], #"[0-9]{5,16}:A[a-z0-9_\-]{34}"#, severity: .high,
            at: "@BotFather → /revoke"),
        .assigned(
            "twitch-token", "Twitch token", ["twitch"], Shape.letters("30"), check: .lettersAndDigits,
            at: "dev.twitch.tv → console"),
        .assigned(
            "twitter-credential", "X API credential", ["twitter"],
            "(?:[a-z0-9]{50}|[a-z0-9]{45}|[a-z0-9]{25}|[0-9]{15,25}-[a-z0-9]{20,40})", check: .lettersAndDigits,
            at: "developer.x.com → keys and tokens"),
        .assigned(
            "yandex-credential", "Yandex credential", ["yandex"],
            #"(?:y[0-3]_[a-z0-9_\-]{55,60}|AQVN[a-z0-9_\-]{35,38}|YC[a-z0-9_\-]{38})"#, severity: .high,
            at: "Yandex Cloud → service accounts"),
        .assigned("zendesk-key", "Zendesk key", ["zendesk"], Shape.letters("40"), at: "Zendesk → admin centre → APIs"),
        .assigned(
            "pagerduty-key", "PagerDuty key", ["pagerduty", "pager_duty", "pd_api"],
            #"(?:[a-f0-9]{32}|[a-z0-9_+\-]{20})"#, check: .lettersAndDigits,
            at: "PagerDuty → integrations → API access keys"),
        .assigned(
            "auth0-secret", "Auth0 client secret", ["auth0"], "[a-z0-9_\\-]{64}", severity: .high, entropy: 4,
            at: "Auth0 → applications → settings; rotate"),
        .assigned(
            "mailjet-key", "Mailjet key", ["mailjet", "mj_apikey"], Shape.hex(32), at: "Mailjet → API key management"),
        .assigned(
            "openweather-key", "OpenWeather API key", ["openweather"], Shape.hex(32), severity: .low,
            at: "openweathermap.org → API keys"),
        .assigned(
            "vonage-secret", "Vonage API secret", ["vonage", "nexmo"], "[a-z0-9]{16}", check: .lettersAndDigits,
            at: "Vonage dashboard → settings"),
        .assigned(
            "twilio-auth-token", "Twilio auth token", ["twilio"], Shape.hex(32), severity: .high,
            at: "Twilio console → account → auth token"),
    ]
}
