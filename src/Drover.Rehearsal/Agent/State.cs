using Drover.Rehearsal.Scripts;

namespace Drover.Rehearsal.Agent;

/// <summary>Where the agent keeps its conversations and finds its script.</summary>
internal static class State
{
    /// <summary><c>--state</c>, else below the configuration directory that stands for an isolated home of the CLI it plays, else below <c>$HOME</c>.</summary>
    public static string Directory(Arguments arguments)
    {
        if (arguments.Value("--state") is { } given) return given;
        if (Environment.GetEnvironmentVariable("CLAUDE_CONFIG_DIR") is { Length: > 0 } home) return Path.Combine(home, "rehearsal");
        return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".drover-rehearsal");
    }

    public static string ScriptOf(Arguments arguments) =>
        arguments.Value("--script") ?? throw new ScriptException("drover-rehearsal", 1, 1, "--script FILE is missing; builtin:NAME is a built-in one");
}
