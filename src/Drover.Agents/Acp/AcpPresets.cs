namespace Drover.Agents.Acp;

/// <summary>Known agents that speak the Agent Client Protocol.</summary>
internal static class AcpPresets
{
    public static readonly IReadOnlyList<Preset> All =
    [
        new("gemini", "Gemini CLI", "acp", ["gemini", "--acp"], false, "npm install -g @google/gemini-cli"),
        new("opencode", "OpenCode", "acp", ["opencode", "acp"], false, "npm install -g opencode-ai"),
        new("codex-acp", "Codex over ACP", "acp", ["codex-acp"], false, "npm install -g @agentclientprotocol/codex-acp"),
        new("qwen", "Qwen Code", "acp", ["qwen", "--acp"], false, "npm install -g @qwen-code/qwen-code"),
    ];
}
