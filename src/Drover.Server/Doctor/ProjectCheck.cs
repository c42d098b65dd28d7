using Drover.Core;
using Drover.Node.Repositories;
using Drover.Server.Config;

namespace Drover.Server.Doctor;

/// <summary>The project of the directory that the user stands in: the file in the work tree, and whether the server would see the same.</summary>
internal static class ProjectCheck
{
    /// <summary>The settings of the work tree's file when they are right, and what was found.</summary>
    public static async Task<(ProjectConfig? Config, IReadOnlyList<Finding> Findings)> Look(Git git, string directory, IReadOnlyList<string> adapters, CancellationToken token)
    {
        switch (await Repository.Open(git, directory, token))
        {
            case RepositoryOpening.Refused { Why: RepositoryRefusal.NotARepository }:
                return (null, [new("project", Grade.Ok, $"{directory} is no git repository; stand in one to have its project examined")]);
            case RepositoryOpening.Refused refused:
                return (null, [new("project", Grade.Fail, refused.Message, refused.Advice)]);
            case RepositoryOpening.Opened { Repository: var repository }:
                return await Look(repository, adapters, token);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private static async Task<(ProjectConfig?, IReadOnlyList<Finding>)> Look(Repository repository, IReadOnlyList<string> adapters, CancellationToken token)
    {
        var root = repository.TopLevel ?? repository.CommonDir;
        var name = Path.GetFileName(root);
        var branch = await repository.DefaultBranch(token);
        var committed = branch is { } b && await repository.Resolve(b, token) is { } tip ? await ReadCommitted(repository, tip, token) : null;
        var file = Path.Combine(root, ConfigFile.Name);
        var bytes = repository.IsBare ? committed : ReadFile(file);
        if (bytes is null) return (null, [new("project", Grade.Warn, $"{root} has no {ConfigFile.Name}", repository.IsBare ? "Run drover init in a clone, commit the file and push it." : "drover init writes one.")]);

        var read = ConfigFile.ReadProject(bytes, repository.IsBare ? ConfigFile.Name : file, adapters, name);
        var findings = new List<Finding>();
        findings.AddRange(read.Problems.Select(p => new Finding("project", Grade.Fail, p.ToString())));
        if (read.Value is { } config)
            findings.Add(new("project", Grade.Ok, $"{config.Name} ({config.KeyPrefix}): {file} is right, {config.Gates.Count} gate(s), merge: {Word.Spell(config.Merge)}"));
        if (read.Value is { Gates.Count: 0 })
            findings.Add(new("project", Grade.Warn, "there are no gates: nothing is checked before it lands", "Write the command that tests the project under gates: in drover.yaml."));
        if (committed is null || !bytes.AsSpan().SequenceEqual(committed))
            findings.Add(new("project", Grade.Warn, $"{ConfigFile.Name} is not what {branch?.Value ?? "the default branch"} has, and the server reads it from the target branch", $"git add {ConfigFile.Name} && git commit"));
        return (read.Value, findings);
    }

    private static async Task<byte[]?> ReadCommitted(Repository repository, CommitSha tip, CancellationToken token) =>
        await repository.ReadFile(tip, ConfigFile.Name, YamlTree.MostBytes, token) is CommittedFile.Present present ? present.Bytes : null;

    private static byte[]? ReadFile(string file)
    {
        try
        {
            return BoundedFile.Read(file);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
