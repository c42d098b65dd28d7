using Drover.Agents;
using Drover.Api;
using Drover.Core;
using Drover.Node.Merging;
using Drover.Node.Processes;
using Drover.Node.Repositories;
using Drover.Node.Sandboxing;
using Drover.Node.Trees;
using Drover.Server.Runs;

namespace Drover.Server.Conformance;

/// <summary>A place that is made for the proof and goes with it: a repository, worktrees and homes, in which nothing is the user's. No variable that could be a key,
/// and no file of the user's home, is to be seen from it; where the sandbox works, no network either.</summary>
internal sealed class KitPlace : IDisposable
{
    private static readonly Committer s_committer = new("Drover's doctor", "doctor@drover.example");

    private readonly Repository _repository;
    private readonly Worktrees _trees;
    private readonly CommitSha _base;
    private readonly KitSandbox _sandbox;
    private readonly string _rehearsal;
    private readonly Random _random;
    private readonly TimeProvider _time;

    private KitPlace(string top, Repository repository, CommitSha @base, KitSandbox sandbox, string rehearsal, Random random, TimeProvider time)
    {
        (Top, _repository, _base, _sandbox, _rehearsal, _random, _time) = (top, repository, @base, sandbox, rehearsal, random, time);
        _trees = new(repository, TreesRoot.Open(Path.Combine(top, "trees")));
    }

    public string Top { get; }

    public KitSandbox Sandbox => _sandbox;

    public Random Random => _random;

    public TimeProvider Time => _time;

    public static async Task<KitPlace> Make(Git git, KitSandbox sandbox, string rehearsal, Random random, TimeProvider time, CancellationToken token)
    {
        var top = CanonicalPath.Of(Directory.CreateTempSubdirectory("drover-doctor-").FullName);
        var directory = Directory.CreateDirectory(Path.Combine(top, "repository")).FullName;
        await File.WriteAllTextAsync(Path.Combine(directory, "README.md"), "Drover's doctor made this to see what an agent can do.\n", token);
        var repository = await NewRepository.Make(git, directory, "main", s_committer, "A place to be proven in", token);
        var tip = await repository.Resolve("HEAD", token) ?? throw new IOException($"{directory} has no commit");
        return new(top, repository, tip, sandbox, rehearsal, random, time);
    }

    public string HomeOf(KitSubject subject) => Own(Path.Combine(Top, "homes", subject.Name));

    /// <summary>A worktree of that name, on a branch of its own.</summary>
    public async Task<Worktree> Tree(string name, CancellationToken token) =>
        await _trees.Make(name, new BranchName($"drover/{name}/work"), _base, token) is WorktreeMaking.Made made
            ? made.Worktree : throw new IOException($"the worktree {name} could not be made");

    public async Task<bool> HasCommit(Worktree tree, CancellationToken token) => await _repository.Resolve(tree.Branch!.Value, token) is { } tip && tip != _base;

    public ModelWrap Model(string name) => new(_rehearsal, Own(Path.Combine(Top, "models", name)), _sandbox.HasOwnNetwork ? ModelWrap.PortInside : ModelWrap.FreePort());

    /// <summary>Starts a program in a worktree, beside a model server if one is given.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be started.</exception>
    public async Task<PipedProcess> Start(
        IReadOnlyList<string> command, IEnumerable<KeyValuePair<string, string>> variables, Worktree tree, string home, ModelWrap? model, CancellationToken token)
    {
        var environment = Runs.Environments.Common([]);
        environment["HOME"] = home;
        foreach (var (name, value) in (await AgentGit.Environment(tree, s_committer, token)).Concat(variables))
        {
            if (value.Length == 0) environment.Remove(name);
            else environment[name] = value;
        }

        var arguments = _sandbox.Wrap(command, environment.GetValueOrDefault("PATH") ?? "", tree, home, model);
        return await PipedProcess.Start(arguments, environment, tree.Path, Adapter.LongestLine, _random, _time);
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(Top, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It lies in the temporary directory; what could not be removed goes with that.
        }
    }

    private static string Own(string path) =>
        Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
}
