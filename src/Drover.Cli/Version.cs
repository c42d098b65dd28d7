using System.Reflection;

namespace Drover.Cli;

internal static class Version
{
    public static string Text => $"drover {typeof(Version).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion}";
}
