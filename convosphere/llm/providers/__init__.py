"""Those who run models: OpenAI's wire format read directly, and everybody else through LiteLLM."""
