namespace Drover.Agents.Acp;

/// <summary>What known agents need beside their command line. An agent that is not here gets what all get and is driven the same.</summary>
/// <param name="Keys">Variables of the user's environment that hold keys and addresses of models.</param>
/// <param name="Own">Variables of the user's environment that hold the program's own settings and may name its home; not for an isolated one.</param>
/// <param name="HomePaths">What it keeps below the user's home; directories end with <c>/</c>.</param>
internal sealed record AcpKnown(string[] Keys, string[] Own, string[] HomePaths, params (string Name, string Value)[] Always)
{
    /// <summary>Variables that depend on what surrounds it.</summary>
    public Func<LaunchRequest, (string Name, string Value)?>? Freedom { get; init; }

    /// <summary>Whether it must read files itself where it is offered to have them written: it cannot tell a client's word that there is no such file from other trouble.</summary>
    public bool ReadsItself { get; private init; }

    /// <summary>Settings of ours that it is to read.</summary>
    public LaunchFile[] Files { get; private init; } = [];

    /// <summary>Whether it takes a second prompt up within the running turn. Null: nobody knows; with some it aborts the turn, and others never answer it.</summary>
    public bool? Steers { get; private init; }

    /// <summary>Whether two that start in one home at the same time get into each other's way.</summary>
    public bool StartsAlone { get; private init; }

    /// <summary>Whether a conversation can be resumed only when the minute of the clock is over in which it was made: the program names its files by the minute.</summary>
    public bool ResumesNextMinute { get; private init; }

    private static readonly AcpKnown s_other = new([], [], []);

    private static readonly AcpKnown s_claude = new(["ANTHROPIC_*", "CLAUDE_CODE_OAUTH_TOKEN", "CLAUDE_CODE_USE_*"], ["CLAUDE_CONFIG_DIR"], [".claude/", ".claude.json"],
        ("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1"), ("DISABLE_AUTOUPDATER", "1"))
    {
        Steers = true,

        // Without it, root is not offered the mode in which nothing is asked.
        Freedom = request => request.Sandboxed ? ("IS_SANDBOX", "1") : null,
    };

    private static readonly Dictionary<string, AcpKnown> s_known = new()
    {
        // Relaunched as its own child, it ignores the signals that its parent gets. A worktree is as trusted as the repository it was made from.
        ["gemini"] = new(["GEMINI_API_KEY", "GOOGLE_*"], ["GEMINI_*"], [".gemini/"], ("GEMINI_CLI_NO_RELAUNCH", "true"), ("GEMINI_CLI_TRUST_WORKSPACE", "true"))
        {
            Steers = false,
            ResumesNextMinute = true,
            ReadsItself = true,

            // At each start it removes the files of conversations that it takes for broken: also that of one which it was given to go on with. The defaults of a machine are
            // what every other setting overrules.
            Files =
            [
                new("GEMINI_CLI_SYSTEM_DEFAULTS_PATH", """{"general":{"sessionRetention":{"enabled":false}}}""",
                    "/etc/gemini-cli/system-defaults.json", "/Library/Application Support/GeminiCli/system-defaults.json"),
            ],
        },
        ["qwen"] = new(["OPENAI_*", "DASHSCOPE_*"], ["QWEN_*"], [".qwen/"], ("QWEN_CODE_NO_RELAUNCH", "true")) { Steers = false },
        ["opencode"] = new(["OPENCODE_API_KEY", "OPENAI_*", "ANTHROPIC_*", "GEMINI_API_KEY"], ["OPENCODE_*"],
            [".config/opencode/", ".local/share/opencode/", ".local/state/opencode/", ".cache/opencode/"],
            ("OPENCODE_DISABLE_MODELS_FETCH", "1"), ("OPENCODE_DISABLE_AUTOUPDATE", "1"), ("OPENCODE_DISABLE_LSP_DOWNLOAD", "1"))
        {
            Steers = true,

            // Each makes the tables of its database when it finds none, and fails when another one was faster.
            StartsAlone = true,

            // It has no mode for this, and by itself it asks next to nothing.
            Freedom = request => ("OPENCODE_PERMISSION", request switch
            {
                { AsksApprovals: true } => """{"edit":"ask","bash":"ask","webfetch":"ask","external_directory":"ask"}""",
                { Sandboxed: true } => """{"edit":"allow","bash":"allow","webfetch":"allow","external_directory":"allow","doom_loop":"allow"}""",
                _ => """{"edit":"allow","bash":"ask","webfetch":"allow","external_directory":"ask"}""",
            }),
        },
        ["codex-acp"] = new(["CODEX_API_KEY", "OPENAI_*"], ["CODEX_*"], [".codex/"]) { Steers = false },
        ["claude-agent-acp"] = s_claude,
        ["claude-code-acp"] = s_claude with { Steers = false },
    };

    public static AcpKnown Of(IReadOnlyList<string> command) => command.Count == 0 ? s_other : Of(command[0]);

    /// <param name="program">The first word of its command.</param>
    public static AcpKnown Of(string program) => s_known.GetValueOrDefault(Path.GetFileNameWithoutExtension(program), s_other);

    public IReadOnlyList<string> Inherits(LaunchRequest request) => request.IsolatedHome is null ? [.. Keys, .. Own] : Keys;

    public Dictionary<string, string> Environment(LaunchRequest request)
    {
        var environment = Always.ToDictionary(v => v.Name, v => v.Value);
        if (Freedom?.Invoke(request) is var (name, value)) environment[name] = value;
        if (request.IsolatedHome is { } home) environment["HOME"] = home;
        return environment;
    }
}
