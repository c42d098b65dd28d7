using Drover.Core;

namespace Drover.Server.Config;

/// <summary>A project's settings in force.</summary>
/// <param name="Config">Null while no commit of the target branch has held a good file.</param>
/// <param name="From">The commit that <see cref="Config"/> was read from; kept in the project's row, so that a restart finds the last good version again.</param>
/// <param name="Tip">The commit that was looked at last.</param>
/// <param name="Problems">What is wrong with the file at <see cref="Tip"/>; the last good version is then in force.</param>
internal sealed record ConfigInForce(ProjectConfig? Config, CommitSha? From, CommitSha Tip, IReadOnlyList<Problem> Problems)
{
    /// <summary>A sentence for people while the newest file is not the one in force; null when all is well.</summary>
    internal string? Warning => (Problems.Count, Config) switch
    {
        (0, _) => null,
        (var n, null) => $"drover.yaml at {Tip.Short} cannot be used ({n} problem{(n == 1 ? "" : "s")}), and there is no earlier good version: {Problems[0]}",
        (var n, _) => $"drover.yaml at {Tip.Short} is broken ({n} problem{(n == 1 ? "" : "s")}); going on with the version of {From!.Value.Short}: {Problems[0]}",
    };
}

/// <summary>Follows one project's <c>drover.yaml</c> on its target branch. Everything of it (gates, policies, limits, roster) is read from the target's commit,
/// never from a work tree, so no agent can change what it is judged by. A broken file never stops a project that had a good one.</summary>
/// <param name="read">The file's bytes at a commit; null when the commit has no such file.</param>
internal sealed class ConfigSource(IReadOnlyList<string> adapters, string defaultName, Func<CommitSha, CancellationToken, Task<byte[]?>> read)
{
    private ConfigInForce? _inForce;

    /// <summary>The settings in force when the target branch stands at <paramref name="tip"/>. Cheap while the tip stays.</summary>
    /// <param name="lastGood">After a restart: the commit whose file was in force before.</param>
    internal async Task<ConfigInForce> At(CommitSha tip, CommitSha? lastGood, CancellationToken token)
    {
        var before = _inForce;
        if (before is not null && before.Tip == tip) return before;
        var newest = await Read(tip, token);
        if (newest.Value is { } config) return _inForce = new(config, tip, tip, []);
        if (before?.Config is not null) return _inForce = before with { Tip = tip, Problems = newest.Problems };
        var last = lastGood is { } commit && commit != tip ? (await Read(commit, token)).Value : null;
        return _inForce = new(last, last is null ? null : lastGood, tip, newest.Problems);
    }

    private async Task<ConfigRead<ProjectConfig>> Read(CommitSha commit, CancellationToken token) => await read(commit, token) is { } bytes
        ? ConfigFile.ReadProject(bytes, ConfigFile.Name, adapters, defaultName)
        : new(null, [new Problem(ConfigFile.Name, 1, 1, "", $"the target branch has no such file at {commit.Short}; `drover init` writes one, then commit it")]);
}
