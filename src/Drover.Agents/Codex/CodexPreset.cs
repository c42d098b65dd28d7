namespace Drover.Agents.Codex;

internal static class CodexPreset
{
    public static readonly Preset It = new("codex", "Codex", "codex", ["codex", "app-server"], true, "npm install -g @openai/codex")
    {
        Login = new(["login"]),
        AgainstModelServer = url => new(new Dictionary<string, string> { ["REHEARSAL_API_KEY"] = "rehearsal" })
        {
            Model = "gpt-5.5",
            Files = new Dictionary<string, string> { ["config.toml"] = Configuration(url) },
        },
    };

    /// <summary>A provider that needs no login. Retries are few, so that a refusal is told soon.</summary>
    public static string Configuration(string url) => $"""
        model_provider = "rehearsal"
        [model_providers.rehearsal]
        name = "rehearsal"
        base_url = "{url}/v1"
        env_key = "REHEARSAL_API_KEY"
        wire_api = "responses"
        request_max_retries = 1
        stream_max_retries = 1
        supports_websockets = false
        [analytics]
        enabled = false
        [features]
        plugins = false

        """;
}
