using Drover.Agents;
using Drover.Server.Config;
using Drover.Server.Init;
using Drover.Server.Rosters;

namespace Drover.Server.Doctor;

/// <summary>Whether the programs of the agents are there.</summary>
internal static class AgentsCheck
{
    /// <summary>Without a project: which known agents this machine has.</summary>
    public static IEnumerable<Finding> LookForKnown(Func<string, string?> find)
    {
        var installed = FoundAgent.Look(find).Where(a => a.Path is not null).ToArray();
        if (installed.Length == 0) return [new("agents", Grade.Warn, "no known agent is installed", $"For example {Presets.All[0].Title}: {Presets.All[0].Install}")];
        return installed.Select(a => new Finding("agents", Grade.Ok, $"{a.Preset.Title} ({a.Path})"));
    }

    public static IEnumerable<Finding> Look(ProjectConfig project, MachineConfig machine, Func<string, string?> find) =>
        project.Agents.Select(agent => Look(agent, machine, find));

    private static Finding Look(AgentConfig agent, MachineConfig machine, Func<string, string?> find)
    {
        var preset = Presets.All.FirstOrDefault(p => p.IsDefault && p.Adapter == agent.Adapter);
        var command = AgentCommand.Of(agent, machine);
        if (command is not { Count: > 0 })
            return new("agents", Grade.Fail, $"{agent.Name}: the adapter {agent.Adapter} has no program of its own", $"Give agents.{agent.Name}.command in drover.yaml, or agents.{agent.Adapter} in config.yaml.");
        var program = command[0];
        var path = program.Contains('/') ? (File.Exists(program) ? program : null) : find(program);
        return path is not null
            ? new("agents", Grade.Ok, $"{agent.Name}: {agent.Adapter}, {path}")
            : new("agents", Grade.Fail, $"{agent.Name}: there is no program {program}", preset is not null && command == preset.Command ? preset.Install : $"Install it, or mend agents.{agent.Name}.command.");
    }
}
