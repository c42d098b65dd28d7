namespace Drover.Agents.Claude;

/// <summary>The command line and the environment.</summary>
internal static class ClaudeLaunch
{
    public static Launch Plan(LaunchRequest request)
    {
        List<string> arguments = [.. request.Program.Count > 0 ? request.Program : ["claude"],
            "-p", "--input-format", "stream-json", "--output-format", "stream-json", "--verbose",
            "--include-partial-messages", "--replay-user-messages", "--permission-prompt-tool", "stdio",
            "--permission-mode", request switch { { AsksApprovals: true } => "default", { Sandboxed: true } => "bypassPermissions", _ => "acceptEdits" }];
        arguments.AddRange(request.ResumeId is { } resume ? ["--resume", resume] : ["--session-id", request.ConversationId]);
        if (request.Model is { } model) arguments.AddRange(["--model", model]);

        // This option takes all arguments that follow it, so nothing may.
        if (request is { Sandboxed: false, AsksApprovals: false }) arguments.AddRange(["--allowedTools", "Bash(git *)"]);

        var environment = new Dictionary<string, string>
        {
            ["CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC"] = "1",
            ["DISABLE_AUTOUPDATER"] = "1",
        };
        if (request.Sandboxed) environment["IS_SANDBOX"] = "1";
        if (request.IsolatedHome is { } home) environment["CLAUDE_CONFIG_DIR"] = home;

        return new(arguments, environment, new ClaudeState { Sandboxed = request.Sandboxed && !request.AsksApprovals }, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(10))
        {
            // Not all of CLAUDE_CODE_*: some of those tell the CLI that it runs inside another one.
            Inherits = ["ANTHROPIC_*", "CLAUDE_CODE_OAUTH_TOKEN", "CLAUDE_CODE_USE_*", "CLAUDE_CODE_MAX_*", .. request.IsolatedHome is null ? ["CLAUDE_CONFIG_DIR"] : Array.Empty<string>(),
                "API_TIMEOUT_MS", "BASH_DEFAULT_TIMEOUT_MS", "BASH_MAX_TIMEOUT_MS"],
            HomePaths = request.IsolatedHome is null ? [".claude", ".claude.json"] : [],
        };
    }
}
