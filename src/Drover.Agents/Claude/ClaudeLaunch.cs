namespace Drover.Agents.Claude;

/// <summary>The command line and the environment.</summary>
internal static class ClaudeLaunch
{
    public static Launch Plan(LaunchRequest request)
    {
        List<string> arguments = [.. request.Program.Count > 0 ? request.Program : ["claude"],
            "-p", "--input-format", "stream-json", "--output-format", "stream-json", "--verbose",
            "--include-partial-messages", "--replay-user-messages", "--permission-prompt-tool", "stdio",
            "--permission-mode", Mode(request)];
        if (request.ResumeId is { } resume) arguments.AddRange(["--resume", resume]);
        if (request.ResumeId is not null && request.Forks) arguments.Add("--fork-session");
        if (request.ResumeId is null || request.Forks) arguments.AddRange(["--session-id", request.ConversationId]);
        if (request.Model is { } model) arguments.AddRange(["--model", model]);
        foreach (var (option, argument) in ClaudeOptions.Arguments)
        {
            if (request.Options.TryGetValue(option.Name, out var value)) arguments.AddRange([argument, value]);
        }

        if (request.AppendedPrompt is { } text) arguments.Add($"--append-system-prompt={text}");
        if (request.McpServers.Count > 0) arguments.AddRange(["--mcp-config", ClaudeMcp.Configuration(request.McpServers), "--strict-mcp-config"]);

        // This option takes all arguments that follow it, so nothing may.
        if (request is { Sandboxed: false, AsksApprovals: false }) arguments.AddRange(["--allowedTools", "Bash(git *)"]);

        var environment = new Dictionary<string, string>
        {
            ["CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC"] = "1",
            ["DISABLE_AUTOUPDATER"] = "1",
        };
        if (request.Sandboxed) environment["IS_SANDBOX"] = "1";
        if (request.IsolatedHome is { } home) environment["CLAUDE_CONFIG_DIR"] = home;
        foreach (var (name, value) in ClaudeMcp.Variables(request.McpServers)) environment[name] = value;

        return new(arguments, environment, new ClaudeState { Sandboxed = request.Sandboxed && !request.AsksApprovals }, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(10))
        {
            // Not all of CLAUDE_CODE_*: some of those tell the CLI that it runs inside another one.
            Inherits = ["ANTHROPIC_*", "CLAUDE_CODE_OAUTH_TOKEN", "CLAUDE_CODE_USE_*", "CLAUDE_CODE_MAX_*", .. request.IsolatedHome is null ? ["CLAUDE_CONFIG_DIR"] : Array.Empty<string>(),
                "API_TIMEOUT_MS", "BASH_DEFAULT_TIMEOUT_MS", "BASH_MAX_TIMEOUT_MS"],
            HomePaths = request.IsolatedHome is null ? [".claude/", ".claude.json"] : [],
        };
    }

    /// <summary>Where each deed is to be asked about, no setting of the agent's own may let things pass.</summary>
    private static string Mode(LaunchRequest request) => request switch
    {
        { AsksApprovals: true } => "default",
        { Options: var options } when options.TryGetValue(ClaudeOptions.Mode.Name, out var chosen) => chosen,
        { Sandboxed: true } => "bypassPermissions",
        _ => "acceptEdits",
    };
}
