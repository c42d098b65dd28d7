using System.Globalization;

namespace Drover.Api;

/// <summary>The directory that holds all state of one server, and the names that follow from it. Client and server work them out alike,
/// so that they meet without being told of each other.</summary>
public sealed record DroverHome
{
    private DroverHome(string path) => Path = path;

    /// <summary>Absolute, with links resolved as far as the path exists.</summary>
    public string Path { get; }

    public string Database => System.IO.Path.Combine(Path, "drover.db");

    public string ServerFile => System.IO.Path.Combine(Path, "server.json");

    public string LogFile => System.IO.Path.Combine(Path, "server.log");

    /// <summary>The socket's file name. A 64-bit FNV-1a hash: it only has to tell a user's own homes apart, and a cryptographic one
    /// would load OpenSSL, which costs each command 5 ms.</summary>
    public string SocketName
    {
        get
        {
            var hash = 14695981039346656037UL;
            foreach (var b in System.Text.Encoding.UTF8.GetBytes(Path)) hash = (hash ^ b) * 1099511628211UL;
            return hash.ToString("x16", CultureInfo.InvariantCulture) + ".sock";
        }
    }

    /// <summary><c>DROVER_HOME</c>, else <c>~/.local/state/drover</c>.</summary>
    public static DroverHome FromEnvironment()
    {
        var set = Environment.GetEnvironmentVariable("DROVER_HOME");
        return At(string.IsNullOrEmpty(set)
            ? System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state", "drover") : set);
    }

    public static DroverHome At(string path) => new(CanonicalPath.Of(path));
}
