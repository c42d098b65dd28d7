using Drover.Agents.Codex;
using Drover.Agents.Wire;

namespace Drover.Agents.Acp;

/// <summary>Known agents that speak the Agent Client Protocol.</summary>
internal static class AcpPresets
{
    public static readonly IReadOnlyList<Preset> All =
    [
        new("gemini", "Gemini CLI", "acp", ["gemini", "--acp"], false, "npm install -g @google/gemini-cli")
        {
            AgainstModelServer = Gemini,
            ResumesNextMinute = AcpKnown.Of("gemini").ResumesNextMinute,
            Login = new([], "Choose how to log in when it asks, or type /auth; then leave it with /quit."),
        },
        new("opencode", "OpenCode", "acp", ["opencode", "acp"], false, "npm install -g opencode-ai") { AgainstModelServer = OpenCode, Login = new(["auth", "login"]) },
        new("codex-acp", "Codex over ACP", "acp", ["codex-acp"], false, "npm install -g @agentclientprotocol/codex-acp") { AgainstModelServer = Codex, TellsVersion = false },
        new("qwen", "Qwen Code", "acp", ["qwen", "--acp"], false, "npm install -g @qwen-code/qwen-code")
        {
            AgainstModelServer = Qwen,
            Login = new([], "Type /auth and choose how to log in; then leave it with /quit."),
        },
        new("claude-agent-acp", "Claude Code over ACP", "acp", ["claude-agent-acp"], false, "npm install -g @agentclientprotocol/claude-agent-acp") { AgainstModelServer = Claude, TellsVersion = false },
    ];

    /// <summary>A key that is worth nothing.</summary>
    private const string Key = "rehearsal";

    private static RehearsalSetup Gemini(string url) => new(new Dictionary<string, string>
    {
        ["GEMINI_API_KEY"] = Key,
        ["GOOGLE_GEMINI_BASE_URL"] = url,
    })
    {
        // Without a model it asks a small one first which of the large ones to take.
        Arguments = ["-m", "gemini-2.5-pro"],
        Files = new Dictionary<string, string>
        {
            // A key in the environment alone does not choose how to log in.
            [".gemini/settings.json"] = """
                {"security":{"auth":{"selectedType":"gemini-api-key"}},"general":{"enableAutoUpdate":false,"enableAutoUpdateNotification":false},"privacy":{"usageStatisticsEnabled":false},"telemetry":{"enabled":false}}
                """,
        },
    };

    private static RehearsalSetup OpenCode(string url) => new(new Dictionary<string, string>
    {
        ["OPENCODE_CONFIG_CONTENT"] = Frame.Text(json =>
        {
            json.WriteBoolean("autoupdate", false);
            json.WriteString("share", "disabled");
            json.WriteString("model", "rehearsal/rehearsal");
            json.WriteString("small_model", "rehearsal/rehearsal");
            json.Json("enabled_providers", """["rehearsal"]""");
            json.Inside("provider", all => all.Inside("rehearsal", one =>
            {
                one.WriteString("npm", "@ai-sdk/openai-compatible");
                one.WriteString("name", "Rehearsal");
                one.Inside("options", o =>
                {
                    o.WriteString("baseURL", $"{url}/v1");
                    o.WriteString("apiKey", Key);
                });
                one.Json("models", """{"rehearsal":{"name":"Rehearsal","tool_call":true,"limit":{"context":200000,"output":8192},"cost":{"input":3,"output":15,"cache_read":0.3}}}""");
            }));
        }),
        ["OPENCODE_DISABLE_DEFAULT_PLUGINS"] = "1",
    });

    private static RehearsalSetup Qwen(string url) => new(new Dictionary<string, string>
    {
        ["OPENAI_API_KEY"] = Key,
        ["OPENAI_BASE_URL"] = $"{url}/v1",
        ["OPENAI_MODEL"] = "rehearsal",
    })
    {
        Arguments = ["--auth-type", "openai"],
        Files = new Dictionary<string, string>
        {
            [".qwen/settings.json"] = """{"security":{"auth":{"selectedType":"openai"}},"general":{"enableAutoUpdate":false},"privacy":{"usageStatisticsEnabled":false}}""",
        },
    };

    private static RehearsalSetup Codex(string url) => new(new Dictionary<string, string> { ["REHEARSAL_API_KEY"] = Key })
    {
        Files = new Dictionary<string, string> { [".codex/config.toml"] = $"model = \"gpt-5.5\"\n{CodexPreset.Configuration(url)}" },
    };

    private static RehearsalSetup Claude(string url) =>
        new(new Dictionary<string, string> { ["ANTHROPIC_BASE_URL"] = url, ["ANTHROPIC_API_KEY"] = Key, ["CLAUDE_CODE_MAX_RETRIES"] = "2" });
}
