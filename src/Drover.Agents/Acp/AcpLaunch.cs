namespace Drover.Agents.Acp;

/// <summary>The command line, the environment and the first state. The command is the user's.</summary>
internal static class AcpLaunch
{
    /// <summary>The options that are ours; all others are settings of the agent.</summary>
    private static readonly string[] s_own = ["mode", "delegate", "steers"];

    /// <summary>Throws when no command is configured: the protocol has no agent of its own.</summary>
    public static Launch Plan(LaunchRequest request)
    {
        if (request.Program.Count == 0) throw new LaunchImpossibleException("an agent with the adapter acp needs a command, for example: gemini --acp");
        var known = AcpKnown.Of(request.Program[0]);
        var state = new AcpState
        {
            WorkingDirectory = request.WorkingDirectory,
            Sandboxed = request.Sandboxed,
            Asks = request.AsksApprovals,
            ResumeId = request.ResumeId,
            WantedModel = request.Model,
            WantedMode = request.Options.GetValueOrDefault("mode"),
            WantedSettings = request.Options.Where(o => !s_own.Contains(o.Key)).ToDictionary(),
            Delegates = Switch(request.Options, "delegate"),
            Steers = Switch(request.Options, "steers"),
            CostBefore = request.ResumeId is null ? 0 : null,
        };

        // The protocol has no receipt for a prompt: the first sign may be the model's first words.
        return new(request.Program, known.Environment(request), state, TimeSpan.FromSeconds(60), TimeSpan.FromMinutes(5))
        {
            Inherits = known.Inherits(request),
            HomePaths = request.IsolatedHome is null ? known.HomePaths : [],
        };
    }

    /// <summary>Throws on anything but the two words, since a misspelt one would go unseen.</summary>
    private static bool Switch(IReadOnlyDictionary<string, string> options, string name) => options.GetValueOrDefault(name) switch
    {
        null or "false" => false,
        "true" => true,
        var other => throw new LaunchImpossibleException($"the option {name} is true or false, not '{other}'"),
    };
}
