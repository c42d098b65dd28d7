using Drover.Agents;
using Drover.Server.Config;
using Drover.Server.Conformance;
using Drover.Server.Init;
using Drover.Server.Rosters;

namespace Drover.Server.Doctor;

/// <summary>Which programs there are to be proven.</summary>
/// <param name="Project">The settings of the project of this directory; null when there is none or they are wrong.</param>
/// <param name="Find">The full path of a program of that name on the PATH, or null.</param>
internal sealed record Subjects(string Directory, ProjectConfig? Project, MachineConfig Machine, Func<string, string?> Find)
{
    /// <summary>Every known program that is installed, and every agent of the roster that names another.</summary>
    public IReadOnlyList<KitSubject> All()
    {
        var found = FoundAgent.Look(Find).Where(a => a.Path is not null).Select(a => Of(a.Preset.Name, a.Preset.Adapter, a.Preset.Command)).ToList();
        var ofRoster = (Project?.Agents ?? []).Select(agent => Of(agent.Name, agent.Adapter, AgentCommand.Of(agent, Machine)));
        return [.. found.Concat(ofRoster).OfType<KitSubject>().DistinctBy(s => $"{s.Adapter.Name}\0{string.Join('\0', s.Command)}").DistinctBy(s => s.Name)];
    }

    /// <summary>The one of that name; null when there is none, and then <paramref name="why"/> says so.</summary>
    /// <param name="program">Stands in for the program; null: its own.</param>
    /// <param name="command">Stands in for the whole command; empty: its own.</param>
    public KitSubject? Named(string name, string? program, IReadOnlyList<string> command, out string? why)
    {
        why = null;
        if (Own(name) is not var (adapter, own) || Adapters.Find(adapter) is not { } driver)
        {
            why = $"there is no agent '{name}' in drover.yaml, and no known program or adapter of that name; known are {string.Join(", ", Presets.All.Select(p => p.Name).Concat(Adapters.All.Select(a => a.Name)).Distinct())}";
            return null;
        }

        IReadOnlyList<string> wanted = command.Count > 0 ? command : program is not null ? [program, .. own.Skip(1)] : own;
        if (wanted.Count == 0) why = $"the adapter {adapter} has no program of its own: name its command after --";
        else if (PathOf(wanted[0]) is not { } path) why = $"there is no program {wanted[0]}{(Presets.Of(adapter, own) is { } known && wanted[0] == known.Command[0] ? $"; {known.Title} is installed by: {known.Install}" : "")}";
        else return KitSubject.Of(name, driver, [path, .. wanted.Skip(1)], Presets.All.FirstOrDefault(p => p.Name == name));
        return null;
    }

    private (string Adapter, IReadOnlyList<string> Command)? Own(string name) =>
        Project?.Agents.FirstOrDefault(a => a.Name == name || a.Slots.Contains(name)) is { } agent ? (agent.Adapter, AgentCommand.Of(agent, Machine))
        : Presets.All.FirstOrDefault(p => p.Name == name) is { } preset ? (preset.Adapter, preset.Command)
        : Adapters.Find(name) is not null ? (name, AgentCommand.OfAdapter(name, Machine))
        : null;

    private KitSubject? Of(string name, string adapter, IReadOnlyList<string> command) =>
        command.Count > 0 && PathOf(command[0]) is { } path && Adapters.Find(adapter) is { } driver ? KitSubject.Of(name, driver, [path, .. command.Skip(1)]) : null;

    private string? PathOf(string program) => !program.Contains('/') ? Find(program)
        : Path.GetFullPath(program, Directory) is var path && File.Exists(path) ? path : null;
}
