using Drover.Agents;
using Drover.Server.Config;
using Drover.Server.Conformance;

namespace Drover.Server.Rosters;

/// <summary>What is proven of the programs that the roster's agents are started with. Looks at the disk and starts nothing.</summary>
/// <param name="find">The full path of a program of that name on the server's PATH, or null.</param>
internal sealed class AgentProofs(Cards cards, MachineConfig machine, Func<string, string?> find)
{
    public AgentProof Of(AgentConfig agent)
    {
        var command = AgentCommand.Of(agent, machine);
        if (command.Count == 0) return new(command, new Proof.None(), $"the adapter {agent.Adapter} has no program of its own");
        return PathOf(command[0]) is { } path
            ? new([path, .. command.Skip(1)], cards.Of(agent.Adapter, [path, .. command.Skip(1)]), null)
            : new(command, new Proof.None(), $"there is no program {command[0]}");
    }

    private string? PathOf(string program) => program.Contains('/') ? File.Exists(program) ? Path.GetFullPath(program) : null : find(program);
}

/// <param name="Command">Program, as a full path where it was found, and leading arguments.</param>
/// <param name="Missing">Why it cannot be started at all; null when the program is there.</param>
internal sealed record AgentProof(IReadOnlyList<string> Command, Proof Proof, string? Missing)
{
    /// <summary>What the adapter declares and nothing proven speaks against.</summary>
    public AdapterCapabilities Can(AdapterCapabilities declared) => declared with
    {
        SaysInsideTurn = declared.SaysInsideTurn && Proof.Against(KitStep.Steer) is null,
        Interrupts = declared.Interrupts && Proof.Against(KitStep.Interrupt) is null,
        Resumes = declared.Resumes && Proof.Against(KitStep.Resume) is null,
        AsksApproval = declared.AsksApproval && Proof.Against(KitStep.Approval) is null,
    };
}
