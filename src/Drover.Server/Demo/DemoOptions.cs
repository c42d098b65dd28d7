using System.Globalization;

namespace Drover.Server.Demo;

/// <summary>Who works in the demo.</summary>
internal enum DemoCast
{
    /// <summary>The scripted agents that come with Drover.</summary>
    Scripted,

    /// <summary>A real program against the rehearsal's model server: no login, no cost.</summary>
    Rehearsed,

    /// <summary>A real program with the user's own login.</summary>
    Live,
}

/// <param name="Agent">The preset's name; null for the scripted agents.</param>
/// <param name="Program">Where the agent's program is; null: on the PATH.</param>
/// <param name="Stops">Whether the server ends with the demo.</param>
internal sealed record DemoOptions(string? Agent, string? Program, DemoCast Cast, bool Stops, bool Json)
{
    public static string Usage { get; } = $"""
        usage: drover demo [--agent NAME] [--live] [--program FILE] [--stop] [--json]

        Makes a small repository in a temporary directory, starts a server for it alone, files three tickets, and lets three agents work on them at once. What they
        make is tested and lands on main. Exit code 0 only if main then holds all of it and its tests pass.

          --agent NAME     scripted (the default: agents that play a script, and need nothing), or a real one: {string.Join(", ", Known)}.
                           A real one talks to a model server that plays the same script: no login, no network, no cost
          --live           the real agent with your own login and model. This costs what three small tasks cost
          --program FILE   the agent's program; without it the one on the PATH
          --stop           stop the server at the end; without it, it stays up, so that you can look at the page
          --json           print one object at the end and nothing before it
        """;

    private static IEnumerable<string> Known => Agents.Presets.All.Where(p => p.AgainstModelServer is not null).Select(p => p.Name);

    /// <summary>Null when the arguments are wrong; then it is said why.</summary>
    public static DemoOptions? Read(string[] args, out string? wrong)
    {
        var options = new DemoOptions(null, null, DemoCast.Scripted, false, false);
        wrong = null;
        for (var i = 0; i < args.Length && wrong is null; i++)
        {
            switch (args[i])
            {
                case "--agent" when i + 1 < args.Length: options = options with { Agent = args[++i] }; break;
                case "--program" when i + 1 < args.Length: options = options with { Program = args[++i] }; break;
                case "--live": options = options with { Cast = DemoCast.Live }; break;
                case "--stop": options = options with { Stops = true }; break;
                case "--json": options = options with { Json = true }; break;
                default: wrong = string.Create(CultureInfo.InvariantCulture, $"'{args[i]}' is not understood"); break;
            }
        }

        if (options.Agent == "scripted") options = options with { Agent = null };
        if (wrong is null) wrong = options.WhyNot();
        return wrong is not null ? null : options with { Cast = options is { Agent: not null, Cast: not DemoCast.Live } ? DemoCast.Rehearsed : options.Cast };
    }

    private string? WhyNot() => this switch
    {
        { Agent: null, Cast: DemoCast.Live } => "--live needs --agent: the scripted agents have no login",
        { Agent: null, Program: not null } => "--program needs --agent",
        { Agent: { } name } when !Known.Contains(name) => $"the demo knows no agent '{name}'; it knows scripted, {string.Join(", ", Known)}",
        { Program: { } program } when !File.Exists(program) => $"{program} is no file",
        _ => null,
    };
}
