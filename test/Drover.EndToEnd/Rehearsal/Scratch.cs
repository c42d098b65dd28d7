using System.Diagnostics;

namespace Drover.EndToEnd.Rehearsal;

/// <summary>A directory with a git repository, a home and a script in it, removed at the end.</summary>
internal sealed class Scratch : IDisposable
{
    public Scratch()
    {
        Root = Directory.CreateTempSubdirectory("drover-rehearsal-").FullName;
        Directory.CreateDirectory(Home);
        Directory.CreateDirectory(Repository);
        Git("init", "-q", "-b", "main", ".");
        Git("config", "user.name", "Rehearsal");
        Git("config", "user.email", "rehearsal@example.org");
        Git("commit", "-q", "--allow-empty", "-m", "init");
    }

    public string Root { get; }

    public string Home => Path.Combine(Root, "home");

    public string Repository => Path.Combine(Root, "repo");

    public string State => Path.Combine(Root, "state");

    public string Script(string yaml)
    {
        var file = PathOf($"{Guid.NewGuid():N}.yaml");
        File.WriteAllText(file, yaml);
        return file;
    }

    public string PathOf(string name) => Path.Combine(Root, name);

    public string Read(string name) => File.ReadAllText(Path.Combine(Repository, name));

    /// <summary>Standard output of git; an error is an exception.</summary>
    public string Git(params string[] arguments)
    {
        using var git = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = Repository, RedirectStandardOutput = true })!;
        var output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        return git.ExitCode == 0 ? output.Trim() : throw new InvalidOperationException($"git {string.Join(' ', arguments)} ended with {git.ExitCode}");
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
