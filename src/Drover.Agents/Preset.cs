namespace Drover.Agents;

/// <summary>A known agent program and the adapter that drives it. <c>drover init</c> looks for these on a machine.</summary>
/// <param name="Name">Short, and the program's own name where it has one.</param>
/// <param name="Title">What its makers call it.</param>
/// <param name="Command">Program and arguments; the first element is what is looked for on the PATH.</param>
/// <param name="IsDefault">Whether the adapter starts exactly this when no command is configured.</param>
/// <param name="Install">The command that installs it.</param>
public sealed record Preset(string Name, string Title, string Adapter, IReadOnlyList<string> Command, bool IsDefault, string Install);

public static class Presets
{
    /// <summary>The best first: it becomes the coder when several are installed.</summary>
    public static IReadOnlyList<Preset> All { get; } =
    [
        new("claude", "Claude Code", "claude", ["claude"], true, "npm install -g @anthropic-ai/claude-code"),
        new("gemini", "Gemini CLI", "acp", ["gemini", "--acp"], false, "npm install -g @google/gemini-cli"),
        new("opencode", "OpenCode", "acp", ["opencode", "acp"], false, "npm install -g opencode-ai"),
        new("codex", "Codex over ACP", "acp", ["codex-acp"], false, "npm install -g @agentclientprotocol/codex-acp"),
        new("qwen", "Qwen Code", "acp", ["qwen", "--acp"], false, "npm install -g @qwen-code/qwen-code"),
    ];
}
