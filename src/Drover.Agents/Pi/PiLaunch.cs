namespace Drover.Agents.Pi;

/// <summary>The command line and the environment.</summary>
internal static class PiLaunch
{
    private static readonly IReadOnlyList<(AdapterOption Option, string Argument)> s_arguments =
    [
        (AdapterOption.Text("provider", "a provider's name", "Whose model it is; without it the one that pi would choose."), "--provider"),
        (AdapterOption.Word("thinking", "How much the model thinks.", "off", "minimal", "low", "medium", "high", "xhigh"), "--thinking"),
        (AdapterOption.Text("tools", "tools' names with commas", "The only tools that the agent has."), "--tools"),
    ];

    public static readonly IReadOnlyList<AdapterOption> Options = [.. s_arguments.Select(a => a.Option)];

    public static Launch Plan(LaunchRequest request)
    {
        List<string> arguments = [.. request.Program.Count > 0 ? request.Program : ["pi"], "--mode", "rpc"];
        if (request.ResumeId is { } resume) arguments.AddRange([request.Forks ? "--fork" : "--session", resume]);
        if (request.Model is { } model) arguments.AddRange(["--model", model]);
        foreach (var (option, argument) in s_arguments)
        {
            if (request.Options.TryGetValue(option.Name, out var value)) arguments.AddRange([argument, value]);
        }

        if (request.AppendedPrompt is { } text) arguments.AddRange(["--append-system-prompt", text]);

        var environment = new Dictionary<string, string> { ["PI_OFFLINE"] = "1", ["PI_TELEMETRY"] = "0" };
        if (request.IsolatedHome is { } home) environment["PI_CODING_AGENT_DIR"] = home;

        // A prompt is taken up at once, but for a long conversation that is gone on with: the model may have to shorten it first.
        return new(arguments, environment, new PiState(), TimeSpan.FromSeconds(60), request.ResumeId is null ? TimeSpan.FromSeconds(10) : TimeSpan.FromMinutes(5))
        {
            // Not those of clouds (AWS_*, CLOUDFLARE_*), with which more can be done than to ask a model.
            Inherits =
            [
                .. request.IsolatedHome is null ? ["PI_CODING_AGENT_DIR", "PI_CODING_AGENT_SESSION_DIR"] : Array.Empty<string>(),
                "PI_PACKAGE_DIR", "ANTHROPIC_API_KEY", "ANTHROPIC_OAUTH_TOKEN", "OPENAI_API_KEY", "AZURE_OPENAI_*", "DEEPSEEK_API_KEY", "GEMINI_API_KEY", "GROQ_API_KEY",
                "CEREBRAS_API_KEY", "XAI_API_KEY", "FIREWORKS_API_KEY", "TOGETHER_API_KEY", "OPENROUTER_API_KEY", "AI_GATEWAY_API_KEY", "ZAI_API_KEY", "MISTRAL_API_KEY",
                "MINIMAX_API_KEY", "MOONSHOT_API_KEY", "OPENCODE_API_KEY", "KIMI_API_KEY", "XIAOMI_*",
            ],
            HomePaths = request.IsolatedHome is null ? [".pi/agent/"] : [],
        };
    }
}
