using Drover.Agents;
using Drover.Server.Config;

namespace Drover.Server.Rosters;

/// <summary>The command that an agent of the roster is started with.</summary>
internal static class AgentCommand
{
    /// <summary>Its own, else the machine's for its adapter, else the adapter's default; empty when there is none.</summary>
    public static IReadOnlyList<string> Of(AgentConfig agent, MachineConfig machine) => agent.Command.Count > 0 ? agent.Command : OfAdapter(agent.Adapter, machine);

    public static IReadOnlyList<string> OfAdapter(string adapter, MachineConfig machine) =>
        machine.Agents.GetValueOrDefault(adapter) ?? Presets.All.FirstOrDefault(p => p.IsDefault && p.Adapter == adapter)?.Command ?? [];
}
