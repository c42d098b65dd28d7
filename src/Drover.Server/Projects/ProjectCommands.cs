using Drover.Api;
using Drover.Core;
using Drover.Node.Repositories;
using Drover.Server.Http;
using Drover.Server.Journaling;

namespace Drover.Server.Projects;

/// <summary>What changes the list of projects.</summary>
internal static class ProjectCommands
{
    /// <summary>Registers a repository. One that is registered is left as it is; one that was removed comes back with its tickets.</summary>
    /// <param name="names">What the project calls itself.</param>
    public static ProjectJson Add(Tx tx, Repository repository, ProjectNames names, NewProjectJson wish, Principal who)
    {
        if (ProjectTable.ByGitDir(tx, repository.CommonDir) is { } known) return Show(known);
        var path = repository.TopLevel ?? repository.CommonDir;
        var id = wish.Id is null ? FreeId(tx, names.Name, repository.CommonDir) : ProjectId.TryParse(wish.Id)
            ?? throw new Refusal(Problems.InvalidValue, "is 1 to 40 lower-case letters, digits and dashes", "id");
        if (ProjectTable.Get(tx, id) is { } former)
        {
            if (former.GitDir != repository.CommonDir)
                throw new Refusal(Problems.Conflict, $"the project '{id}' is {former.Path}; choose another id for {path}", "id");
            ProjectTable.Restore(tx, id, path, repository.CommonDir);
        }
        else ProjectTable.Insert(tx, new(id, path, repository.CommonDir, Prefix(tx, wish.Prefix, names.Prefix ?? id.Value), 1, tx.Now, null));

        tx.Emit(EventTypes.ProjectAdded, new(id), who, EventData.Of("path", path));
        return Show(ProjectTable.Get(tx, id)!);
    }

    /// <summary>Forgets a repository. Nothing in it changes; its tickets and runs stay on record.</summary>
    public static ProjectJson Remove(Tx tx, ProjectRow project, Principal who)
    {
        if (RunTable.Active(tx).Find(r => r.Project == project.Id) is { } run)
            throw new Refusal(Problems.StillLive, $"{run.Name} is at work there; stop it first: drover run stop {run.Name}");
        if (LandingTable.Open(tx).Find(l => l.Project == project.Id) is { } landing)
            throw new Refusal(Problems.Conflict, $"{landing.Ticket} is on its way to land there; finish it, or take it back first: drover ticket cancel {landing.Ticket}");
        if (!ProjectTable.Remove(tx, project.Id)) throw new Refusal(Problems.TooLate, $"the project '{project.Id}' was removed in between");
        tx.Emit(EventTypes.ProjectRemoved, new(project.Id), who);
        return Show(project);
    }

    public static ProjectJson Show(ProjectRow project) => new(project.Id.Value, project.Prefix, project.Path, project.AddedAt);

    /// <summary>The project's name, with a number when another repository has it.</summary>
    private static ProjectId FreeId(Db db, string name, string gitDir)
    {
        var stem = ProjectId.From(name).Value;
        for (var n = 1; ; n++)
        {
            var id = new ProjectId(n == 1 ? stem : $"{stem[..Math.Min(stem.Length, 34)]}-{n}");
            if (ProjectTable.Get(db, id) is not { } taken || taken.GitDir == gitDir) return id;
        }
    }

    private static string Prefix(Db db, string? wish, string name)
    {
        if (wish is not null)
        {
            if (TicketKey.TryParse($"{wish}-1") is not { } key) throw new Refusal(Problems.InvalidValue, "is 1 to 20 letters and digits", "prefix");
            return ProjectTable.ByPrefix(db, key.Prefix) is { } other
                ? throw new Refusal(Problems.Conflict, $"tickets of the project '{other.Id}' are called {key.Prefix}-…; choose another prefix", "prefix") : key.Prefix;
        }

        var stem = TicketKey.PrefixFrom(name);
        for (var n = 1; ; n++)
        {
            var prefix = n == 1 ? stem : $"{stem}{n}";
            if (ProjectTable.ByPrefix(db, prefix) is null) return prefix;
        }
    }
}
