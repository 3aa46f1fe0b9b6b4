import { defineBackend } from "@aws-amplify/backend";

defineBackend({});
