using System.Collections;

namespace Drover.Server.Runs;

/// <summary>Environments are allow-lists: a program that works for an agent sees these variables of the server's own and no others.</summary>
internal static class Environments
{
    private static readonly string[] Always =
    [
        "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "LC_*", "TERM", "TZ", "COLORTERM", "NO_COLOR",
        "SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS", "DOTNET_ROOT", "DOTNET_CLI_TELEMETRY_OPTOUT", "DOTNET_NOLOGO", "JAVA_HOME", "GOPATH", "GOROOT",
        "CARGO_HOME", "RUSTUP_HOME", "NVM_DIR", "VOLTA_HOME", "PYENV_ROOT",
    ];

    public static string UserHome => Environment.GetEnvironmentVariable("HOME") is { Length: > 0 } home
        ? home : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    /// <param name="more">Further names; one that ends with <c>*</c> means all that begin so.</param>
    public static Dictionary<string, string> Common(IEnumerable<string> more)
    {
        string[] wanted = [.. Always, .. more];
        var kept = new Dictionary<string, string>();
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            if (variable is { Key: string name, Value: string value } && wanted.Any(w => Covers(w, name))) kept[name] = value;
        }

        return kept;
    }

    /// <summary>Variables of the server's own environment that are there, and others with their values.</summary>
    public static Dictionary<string, string> With(IEnumerable<string> pass, IReadOnlyDictionary<string, string> set)
    {
        var variables = new Dictionary<string, string>();
        foreach (var name in pass)
        {
            if (Environment.GetEnvironmentVariable(name) is { } value) variables[name] = value;
        }

        foreach (var (name, value) in set) variables[name] = value;
        return variables;
    }

    private static bool Covers(string wanted, string name) =>
        wanted.EndsWith('*') ? name.StartsWith(wanted[..^1], StringComparison.Ordinal) : wanted == name;
}
