namespace Drover.Agents.Claude;

internal static class ClaudePreset
{
    public static readonly Preset It = new("claude", "Claude Code", "claude", ["claude"], true, "npm install -g @anthropic-ai/claude-code")
    {
        AgainstModelServer = url => new(new Dictionary<string, string> { ["ANTHROPIC_BASE_URL"] = url, ["ANTHROPIC_API_KEY"] = "rehearsal", ["CLAUDE_CODE_MAX_RETRIES"] = "2" })
        {
            AsSubscriber = new Dictionary<string, string> { ["ANTHROPIC_API_KEY"] = "", ["CLAUDE_CODE_OAUTH_TOKEN"] = "rehearsal" },
        },
        Login = new(["auth", "login"]),
    };
}
