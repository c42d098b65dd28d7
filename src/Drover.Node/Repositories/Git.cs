using System.Collections.Concurrent;
using System.ComponentModel;
using Drover.Node.Processes;

namespace Drover.Node.Repositories;

/// <summary>The only place that starts git. Mutating commands of one repository queue behind each other.</summary>
public sealed class Git
{
    public static readonly Version Oldest = new(2, 38);

    private readonly ConcurrentDictionary<string, SemaphoreSlim> queues = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> environment = GitSettings.Environment(System.Environment.GetEnvironmentVariable);
    private readonly TimeProvider time;

    private Git(TimeProvider time, Scratch scratch) => (this.time, Scratch) = (time, scratch);

    public Scratch Scratch { get; }

    /// <summary>How long one command may take before its process tree is killed; a checkout of a huge repository takes minutes.</summary>
    internal TimeSpan Limit { get; init; } = TimeSpan.FromMinutes(10);

    internal TimeProvider Time => time;

    /// <summary>Finds git on the PATH and looks at its version.</summary>
    public static async Task<GitProbe> Find(TimeProvider time, Scratch scratch, CancellationToken cancellation)
    {
        var git = new Git(time, scratch);
        try
        {
            var result = await git.Start("/", ["--version"], new(new("/", "/", null)), cancellation);
            return GitProbe.Judge(git, result.Line);
        }
        catch (Win32Exception)
        {
            return new GitProbe.Unfit($"git is not installed; Drover needs {Oldest} or newer", GitProbe.HowToInstall);
        }
    }

    internal Task<GitResult> Run(GitCommand command, CancellationToken cancellation)
    {
        var place = command.Place;
        List<string> arguments = [$"--git-dir={place.GitDir}"];
        if (place.WorkTree is { } tree) arguments.Add($"--work-tree={tree}");
        foreach (var setting in GitSettings.Fixed.Concat(command.Config)) arguments.AddRange(["-c", setting]);
        arguments.AddRange(command.Arguments);
        return Start(place.WorkTree ?? place.CommonDir, arguments, command, cancellation);
    }

    /// <summary>A look at a directory of which nothing is known yet; git finds the repository and checks whose it is.</summary>
    internal Task<GitResult> Discover(string directory, IReadOnlyList<string> query, CancellationToken cancellation)
    {
        string[] arguments = [.. GitSettings.Fixed.SelectMany(s => new[] { "-c", s }), .. query];
        return Start(directory, arguments, new(new("", "", null), query), cancellation);
    }

    /// <summary>Runs the work while no other mutating command of the repository runs. Not re-entrant: work inside must not queue again.</summary>
    internal async Task<T> InQueue<T>(string commonDir, Func<Task<T>> work, CancellationToken cancellation)
    {
        var queue = queues.GetOrAdd(commonDir, static _ => new(1, 1));
        await queue.WaitAsync(cancellation);
        try
        {
            return await work();
        }
        finally
        {
            queue.Release();
        }
    }

    private async Task<GitResult> Start(string directory, IReadOnlyList<string> arguments, GitCommand command, CancellationToken cancellation)
    {
        var all = new Dictionary<string, string>(environment, StringComparer.Ordinal);
        if (command.Place.CommonDir.Length > 1) all["GIT_COMMON_DIR"] = command.Place.CommonDir;
        foreach (var (name, value) in command.Environment) all[name] = value;
        var call = new ChildCall("git", arguments, all, directory) { Input = command.Input, OutputLimit = command.OutputLimit, Limit = Limit };
        var result = await Child.Run(call, time, cancellation);
        return new(command.Arguments, result.ExitCode, result.Output, result.Error, result.Truncated);
    }
}
