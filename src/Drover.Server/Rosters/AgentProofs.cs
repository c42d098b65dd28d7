using Drover.Server.Config;
using Drover.Server.Conformance;

namespace Drover.Server.Rosters;

/// <summary>What is proven of the programs that the roster's agents are started with. Looks at the disk and starts nothing.</summary>
/// <param name="find">The full path of a program of that name on the server's PATH, or null.</param>
internal sealed class AgentProofs(Cards cards, MachineConfig machine, Func<string, string?> find)
{
    public AgentProof Of(AgentConfig agent) => Of(agent.Adapter, agent.Command);

    /// <param name="program">Program and leading arguments; empty: the machine's for the adapter, else the adapter's own.</param>
    public AgentProof Of(string adapter, IReadOnlyList<string> program)
    {
        var command = program.Count > 0 ? program : AgentCommand.OfAdapter(adapter, machine);
        if (command.Count == 0) return new(command, new Proof.None(), $"the adapter {adapter} has no program of its own");
        return PathOf(command[0]) is { } path
            ? new([path, .. command.Skip(1)], cards.Of(adapter, [path, .. command.Skip(1)]), null)
            : new(command, new Proof.None(), $"there is no program {command[0]}");
    }

    /// <summary>The entries of the roster with which no run is to be started, and why.</summary>
    public IReadOnlyDictionary<string, string> Unfit(ProjectConfig project) =>
        project.Agents.Select(a => (a.Name, Why: Of(a).Proof.Refusal)).Where(a => a.Why is not null).ToDictionary(a => a.Name, a => a.Why!);

    private string? PathOf(string program) => program.Contains('/') ? File.Exists(program) ? Path.GetFullPath(program) : null : find(program);
}

/// <param name="Command">Program, as a full path where it was found, and leading arguments.</param>
/// <param name="Missing">Why it cannot be started at all; null when the program is there.</param>
internal sealed record AgentProof(IReadOnlyList<string> Command, Proof Proof, string? Missing);
