namespace Drover.Agents.Acp;

/// <summary>The command line, the environment and the first state. The command is the user's.</summary>
internal static class AcpLaunch
{
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
            WantedMode = request.Options.GetValueOrDefault(AcpOptions.Mode.Name),
            WantedSettings = request.Options.TryGetValue(AcpOptions.Settings.Name, out var settings) ? AcpOptions.Pairs(settings) ?? new Dictionary<string, string>() : new Dictionary<string, string>(),
            Delegates = request.Delegates("files"),
            RunsCommands = request.Terminals && request.Delegates("terminals"),
            ReadsItself = known.ReadsItself,
            Steers = AcpOptions.SaysSteers(request.Options) ?? known.Steers ?? request.ShownToSteer,
            Forks = request.Forks,
            Servers = request.McpServers,
            CostBefore = request.ResumeId is null ? 0 : null,
        };

        // The protocol has no receipt for a prompt: the first sign may be the model's first words.
        return new(request.Program, known.Environment(request), state, TimeSpan.FromSeconds(60), TimeSpan.FromMinutes(5))
        {
            Inherits = known.Inherits(request),
            HomePaths = request.IsolatedHome is null ? known.HomePaths : [],
            Files = known.Files,
            StartsAlone = known.StartsAlone,
            ResumesNextMinute = request.ResumeId is not null && known.ResumesNextMinute,
        };
    }
}
