using Drover.Agents;
using Drover.Node.Repositories;
using Drover.Server.Config;

namespace Drover.Server.Projects;

/// <summary>What a project calls itself, when whoever registers it says nothing else.</summary>
/// <param name="Prefix">What its tickets' prefix is made of; null: the project's id.</param>
internal sealed record ProjectNames(string Name, string? Prefix)
{
    private const int LongestConfig = 1 << 20;

    /// <summary>As the default branch's <c>drover.yaml</c> says; where there is none, or none that can be used, the directory's name.</summary>
    public static async Task<ProjectNames> Of(Repository repository, CancellationToken ct)
    {
        var directory = Path.GetFileName(repository.TopLevel ?? repository.CommonDir);
        if (directory.EndsWith(".git", StringComparison.OrdinalIgnoreCase)) directory = directory[..^4];
        if (await repository.DefaultBranch(ct) is not { } branch || await repository.Resolve(branch, ct) is not { } tip) return new(directory, null);
        if (await repository.ReadFile(tip, ConfigFile.Name, LongestConfig, ct) is not CommittedFile.Present file) return new(directory, null);
        var config = ConfigFile.ReadProject(file.Bytes, ConfigFile.Name, [.. Adapters.All.Select(a => a.Name)], directory).Value;
        return config is null ? new(directory, null) : new(config.Name, config.Prefix);
    }
}
