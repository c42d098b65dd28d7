namespace Drover.Agents.Acp;

/// <summary>The command line and the environment. The command is the user's; what known agents need beside it is in the table.</summary>
internal static class AcpLaunch
{
    /// <param name="Inherits">Variables of the user's environment that hold its login and settings.</param>
    /// <param name="HomePaths">What it keeps below the user's home.</param>
    private sealed record Known(string[] Inherits, string[] HomePaths, params (string Name, string Value)[] Environment);

    /// <summary>The options that are ours; all others are settings of the agent.</summary>
    private static readonly string[] s_own = ["mode", "delegate", "steers"];

    private static readonly Known s_other = new([], []);

    private static readonly Known s_claude = new(["ANTHROPIC_*", "CLAUDE_CODE_OAUTH_TOKEN", "CLAUDE_CODE_USE_*", "CLAUDE_CONFIG_DIR"], [".claude", ".claude.json"],
        ("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1"), ("DISABLE_AUTOUPDATER", "1"));

    private static readonly Dictionary<string, Known> s_known = new()
    {
        // Relaunched as its own child, it ignores the signals that its parent gets.
        ["gemini"] = new(["GEMINI_*", "GOOGLE_*"], [".gemini"], ("GEMINI_CLI_NO_RELAUNCH", "true")),
        ["qwen"] = new(["OPENAI_*", "QWEN_*", "DASHSCOPE_*"], [".qwen"], ("QWEN_CODE_NO_RELAUNCH", "true")),
        ["opencode"] = new(["OPENCODE_*", "OPENAI_*", "ANTHROPIC_*", "GEMINI_*"],
            [".config/opencode", ".local/share/opencode", ".local/state/opencode", ".cache/opencode"], ("OPENCODE_DISABLE_MODELS_FETCH", "1")),
        ["codex-acp"] = new(["CODEX_*", "OPENAI_*"], [".codex"]),
        ["claude-agent-acp"] = s_claude,
        ["claude-code-acp"] = s_claude,
    };

    /// <summary>Throws when no command is configured: the protocol has no agent of its own.</summary>
    public static Launch Plan(LaunchRequest request)
    {
        if (request.Program.Count == 0) throw new ArgumentException("an agent with the adapter acp needs a command, for example: gemini --acp", nameof(request));
        var known = s_known.GetValueOrDefault(Path.GetFileNameWithoutExtension(request.Program[0]), s_other);
        var environment = known.Environment.ToDictionary(v => v.Name, v => v.Value);
        if (request.IsolatedHome is { } home) environment["HOME"] = home;
        var state = new AcpState
        {
            WorkingDirectory = request.WorkingDirectory,
            Sandboxed = request.Sandboxed,
            ResumeId = request.ResumeId,
            WantedModel = request.Model,
            WantedMode = request.Options.GetValueOrDefault("mode"),
            WantedSettings = request.Options.Where(o => !s_own.Contains(o.Key)).ToDictionary(),
            Delegates = Switch(request.Options, "delegate"),
            Steers = Switch(request.Options, "steers"),
            CostBefore = request.ResumeId is null ? 0 : null,
        };

        // The protocol has no receipt for a prompt: the first sign may be the model's first words.
        return new(request.Program, environment, state, TimeSpan.FromSeconds(60), TimeSpan.FromMinutes(5))
        {
            Inherits = known.Inherits,
            HomePaths = request.IsolatedHome is null ? known.HomePaths : [],
        };
    }

    /// <summary>Throws on anything but the two words, since a misspelt one would go unseen.</summary>
    private static bool Switch(IReadOnlyDictionary<string, string> options, string name) => options.GetValueOrDefault(name) switch
    {
        null or "false" => false,
        "true" => true,
        var other => throw new ArgumentException($"the option {name} is true or false, not '{other}'", nameof(options)),
    };
}
