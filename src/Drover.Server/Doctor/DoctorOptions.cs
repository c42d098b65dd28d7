namespace Drover.Server.Doctor;

/// <summary>What the user asked of <c>drover doctor</c>.</summary>
/// <param name="Agents">Only these are proven, whatever their cards say, and nothing else is looked at. Empty: all that are known.</param>
/// <param name="Program">Stands in for the program of the one agent; null: where it is found.</param>
/// <param name="Command">The whole command of the one agent; empty: its own.</param>
internal sealed record DoctorOptions(IReadOnlyList<string> Agents, string? Program, IReadOnlyList<string> Command)
{
    public const string Usage = """
        usage: drover doctor [--quick | --renew] [--json]
               drover doctor --agent NAME … [--json]
               drover doctor --agent NAME --program FILE [--json]
               drover doctor --agent NAME [--json] -- COMMAND [ARGUMENT …]

        Looks at machine, git, SQLite, sandbox, disk, state directory, this directory's project, its agents and the server. Then it proves what each installed
        agent program can do, unless this very version is proven already: against a model server of its own, in a home of its own, without network and keys.
        Exit code 1 when something fails.

          --quick        prove no agents
          --renew        prove all agents anew
          --agent NAME   prove this one only: an agent of drover.yaml, a known program or an adapter
          --program FILE the program that is taken for it
          --json         answer as JSON, for scripts
        """;

    public bool Quick { get; private init; }

    public bool Renew { get; private init; }

    public bool Json { get; private init; }

    public bool Help { get; private init; }

    /// <summary>Null when the arguments are wrong; then <paramref name="wrong"/> says why.</summary>
    public static DoctorOptions? Read(string[] args, out string? wrong)
    {
        var end = Array.IndexOf(args, "--") is var dashes and >= 0 ? dashes : args.Length;
        var (agents, program) = (new List<string>(), (string?)null);
        var read = new DoctorOptions(agents, null, [.. args.Skip(end + 1)]);
        wrong = null;
        for (var i = 0; i < end && wrong is null; i++)
        {
            switch (args[i])
            {
                case "--help" or "-h": return read with { Help = true };
                case "--json": read = read with { Json = true }; break;
                case "--quick": read = read with { Quick = true }; break;
                case "--renew": read = read with { Renew = true }; break;
                case "--agent" when i + 1 < end: agents.Add(args[++i]); break;
                case "--program" when i + 1 < end: program = args[++i]; break;
                default: wrong = args[i] is "--agent" or "--program" ? $"{args[i]} needs a value" : $"'{args[i]}' is not understood"; break;
            }
        }

        read = read with { Program = program };
        wrong ??= read.Quick && (read.Renew || agents.Count > 0) ? "--quick proves no agents; leave it out, or the others"
            : (program is not null || end < args.Length) && agents.Count != 1 ? "a program or a command needs --agent, once"
            : program is not null && end < args.Length ? "give --program or a command, not both"
            : end < args.Length && read.Command.Count == 0 ? "after -- a command is missing"
            : null;
        return wrong is null ? read : null;
    }
}
