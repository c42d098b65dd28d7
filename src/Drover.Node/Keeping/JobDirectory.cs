using Drover.Core;

namespace Drover.Node.Keeping;

/// <summary>The directory of one job: the whole of what its keeper, its agent and the server share. Its name is the id that the job's processes
/// carry in <c>DROVER_RUN</c>.</summary>
/// <param name="Runs">The absolute directory that holds all job directories of this server.</param>
public readonly record struct JobDirectory(string Runs, RunId Id)
{
    /// <summary>The environment variable by which a job's processes are known.</summary>
    public const string Marker = "DROVER_RUN";

    public string Path => System.IO.Path.Combine(Runs, Id.Value);

    /// <summary>What the agent is to read; written by the server alone, only ever appended to.</summary>
    public string In => File("in");

    /// <summary>The first prompt, for an agent that is given it as a file.</summary>
    public string Prompt => File("prompt");

    /// <summary>A file that the program is to read and that a variable names to it.</summary>
    public string Handed(string variable) => File($"handed-{variable}");

    /// <summary>Holds a mark for each job that was started for this one, by its id, until that is gone.</summary>
    public string Dependants => File("dependants");

    /// <summary>The agent's standard output.</summary>
    public string Out => File("out");

    /// <summary>What becomes of <see cref="Out"/> when the job is settled and its output compressed.</summary>
    public string CompressedOut => File("out.gz");

    /// <summary>The agent's standard error.</summary>
    public string Err => File("err");

    /// <summary>Blank until the agent has ended, then its exit code.</summary>
    public string Exit => File("exit");

    /// <summary>Exists from the keeper's first act on.</summary>
    public string Started => File("started");

    /// <summary>The fifo that the agent reads.</summary>
    internal string Stdin => File("stdin");

    internal string Identity => File("started/identity");

    /// <summary>Left by a keeper that adopted all orphans of the job and saw the last of them go.</summary>
    internal string Alone => File("started/alone");

    /// <summary>Left by whoever stops the job; it never starts again.</summary>
    internal string Stop => File("stop");

    internal string Job => File("job.json");

    private string File(string name) => System.IO.Path.Combine(Path, name);
}
